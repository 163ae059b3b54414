package dev.floe.platform.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes secrets that were written into a manifest out of its tree: a reference to a Secret stands
 * there afterwards, so that no revision, difference or log ever holds them.
 */
final class InlineSecrets {
  private static final Pattern SECRET =
      Pattern.compile(
          ".*(password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)");
  private static final Pattern HARMLESS = Pattern.compile(".*(_ref|_name|_file|_path|_url|_uri)");

  private final List<InlineSecret> found = new ArrayList<>();

  private InlineSecrets() {}

  /**
   * Changes the tree in place.
   *
   * @return what was taken out
   */
  static List<InlineSecret> takeFrom(ObjectNode manifest) {
    var secrets = new InlineSecrets();
    for (var section : List.of("plugins", "services")) {
      for (var entry : manifest.path(section).properties()) {
        secrets.walk(
            entry.getValue(),
            "/" + section + "/" + entry.getKey(),
            "inline-" + entry.getKey().replace('_', '-'));
      }
    }
    return List.copyOf(secrets.found);
  }

  private void walk(JsonNode node, String pointer, String secret) {
    switch (node) {
      case ObjectNode object -> {
        for (var entry : List.copyOf(object.properties())) {
          var child = SourceTree.child(pointer, entry.getKey());
          if (entry.getValue() instanceof TextNode text && secret(entry.getKey(), text)) {
            object.set(entry.getKey(), take(child, secret, text.asText()));
          } else if (!entry.getKey().equals("secretRef")) {
            walk(entry.getValue(), child, secret);
          }
        }
      }
      case ArrayNode list -> {
        for (int i = 0; i < list.size(); i++) {
          walk(list.get(i), SourceTree.child(pointer, i), secret);
        }
      }
      default -> {}
    }
  }

  private JsonNode take(String pointer, String secret, String value) {
    var key = pointer.substring(1).replaceAll("[^-._a-zA-Z0-9]+", ".");
    found.add(new InlineSecret(pointer, secret, key, value));
    var json = JsonNodeFactory.instance;
    var reference = json.objectNode().put("name", secret).put("key", key);
    return json.objectNode().set("secretRef", reference);
  }

  private static boolean secret(String key, TextNode value) {
    var plain = key.replace('-', '_').toLowerCase(Locale.ROOT);
    return !value.asText().isEmpty()
        && SECRET.matcher(plain).matches()
        && !HARMLESS.matcher(plain).matches();
  }
}
