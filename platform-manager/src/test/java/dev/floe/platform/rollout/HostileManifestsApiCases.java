package dev.floe.platform.rollout;

import static dev.floe.platform.rollout.PlatformsApi.api;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Manifests made to cost much are refused at once, naming what is too much. */
abstract class HostileManifestsApiCases {
  private static final Duration AT_ONCE = Duration.ofSeconds(10);

  private static final String HEAD =
      "apiVersion: floe.dev/v1\nkind: Manifest\nmetadata: {name: hostile, version: 1.0.0}\nplugins: {}\n";

  @Test
  void whatCostsMuchIsRefusedAtOnce() {
    for (var hostile : hostile().entrySet()) {
      // All routes read a manifest alike; one text shows it.
      var paths =
          hostile.getKey().equals("deep keys") ? List.of("", "/diff", "/render") : List.of("");
      for (var path : paths) {
        var began = System.nanoTime();
        // When
        var request = api().accept("application/problem+json, */*").body(hostile.getValue());
        var answer =
            path.isEmpty()
                ? request.put("/platforms/hostile")
                : request.post("/platforms/hostile" + path);
        // Then
        var took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(answer.statusCode()).as(hostile.getKey() + path).isEqualTo(400);
        assertThat(answer.asString().length()).as(hostile.getKey()).isLessThan(1_000_000);
        assertThat(took).as(hostile.getKey() + path).isLessThan(AT_ONCE);
      }
    }
  }

  @Test
  void aSettingWithoutValueIsNamed() {
    api()
        .body(HEAD.replace("{}", "{compute: {type: postgresql, config: {storage: }}}"))
        .put("/platforms/hostile")
        .then()
        .statusCode(400)
        .body("errors[0].pointer", equalTo("/plugins/compute/config/storage"))
        .body("errors[0].line", equalTo(4));
  }

  private static Map<String, String> hostile() {
    var texts = new LinkedHashMap<String, String>();
    var open = ("{" + "k".repeat(1_000) + ": ").repeat(47);
    texts.put(
        "deep keys",
        HEAD + "defaults: " + open + "[" + "1, ".repeat(45_000) + "1]" + "}".repeat(47) + "\n");
    var bomb = new StringBuilder(HEAD).append("defaults:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("  a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
    }
    texts.put("aliases", bomb.toString());
    texts.put("brackets", HEAD + "defaults: " + "[".repeat(900_000));
    texts.put("braces", HEAD + "defaults: " + "{a: ".repeat(200_000));
    texts.put("dashes", HEAD + "defaults:\n" + "- ".repeat(450_000));
    texts.put("questions", HEAD + "? ".repeat(450_000));
    texts.put("items", HEAD + "defaults: [" + "1,".repeat(450_000) + "]\n");
    texts.put("repeated keys", HEAD + "defaults: {" + "a: 1, ".repeat(20_000) + "}\n");
    texts.put("ambiguous numbers", HEAD + "defaults: [" + "007, ".repeat(40_000) + "]\n");
    texts.put("unknown keys", HEAD + unknown(30_000));
    texts.put("one long key", HEAD + "? " + "k".repeat(900_000) + "\n: 1\n");
    texts.put("documents", HEAD + "---\na: 1\n".repeat(100_000));
    texts.put("anchors", HEAD + "defaults: [" + "&a x, ".repeat(49_000) + "*b]\n");
    texts.put("quotes", HEAD + "defaults: \"" + "\\u0000".repeat(150_000) + "\"\n");
    texts.put(
        "a long URL", HEAD + "defaults: [" + "'://a:', ".repeat(40_000) + "'x://u:p@h']\na: 1\n");
    texts.put(
        "code locations",
        HEAD.replace(
            "{}",
            "{orchestrator: {type: dagster, config: {codeLocations: ["
                + "{name: a, module: m, image: i}, ".repeat(10_000)
                + "]}}}"));
    return texts;
  }

  private static String unknown(int keys) {
    var text = new StringBuilder();
    for (int i = 0; i < keys; i++) {
      text.append('k').append(i).append(": 1\n");
    }
    return text.toString();
  }
}
