package dev.floe.platform.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.floe.contract.platform.PlatformDiff.FieldChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeDiffTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void eachFieldThatDiffersIsNamed() throws JsonProcessingException {
    assertThat(diff("{'a': {'b/c': 1}, 'd': [1, 2]}", "{'a': {'b/c': 2}, 'd': [1], 'e': 'x'}"))
        .containsExactly(
            new FieldChange("/a/b~1c", "1", "2"),
            new FieldChange("/d/1", "2", null),
            new FieldChange("/e", null, "x"));
  }

  @Test
  void theValueOfASecretVariableIsMasked() throws JsonProcessingException {
    assertThat(
            diff(
                "{'env': [{'name': 'DB_PASSWORD', 'value': 'hunter2'}, {'name': 'A', 'value': 'x'}]}",
                "{'env': [{'name': 'DB_PASSWORD', 'valueFrom': {'secretKeyRef': {'name': 's', 'key': 'k'}}},"
                    + " {'name': 'A', 'value': 'y'}]}"))
        .containsExactly(
            new FieldChange("/env[name=DB_PASSWORD]", "•••", "•••"),
            new FieldChange("/env[name=A]/value", "x", "y"));
  }

  @Test
  void aValueThatLooksLikeASecretIsMasked() throws JsonProcessingException {
    assertThat(diff("{'data': {'x': 'postgresql://u:pw@h/d'}}", "{'data': {'x': 'none'}}"))
        .containsExactly(new FieldChange("/data/x", "•••", "none"));
  }

  @Test
  void aSecretInAListThatComesOrGoesIsMasked() throws JsonProcessingException {
    var list =
        "[{'name': 'DB_PASSWORD', 'value': 'hunter2'}, {'name': 'A', 'value': 'x'},"
            + " {'name': 'B', 'value': 'postgresql://u:hunter2@h/d'}]";
    var shown = "[\"•••\",{\"name\":\"A\",\"value\":\"x\"},{\"name\":\"B\",\"value\":\"•••\"}]";
    assertThat(diff("{'env': " + list + "}", "{}"))
        .containsExactly(new FieldChange("/env", shown, null));
    assertThat(diff("{}", "{'env': " + list + "}"))
        .containsExactly(new FieldChange("/env", null, shown));
    assertThat(diff("{'env': 1}", "{'env': {'x': " + list + "}}"))
        .containsExactly(new FieldChange("/env", "1", "{\"x\":" + shown + "}"));
  }

  @Test
  void itemsAreComparedByTheirNamesWhereverTheyStand() throws JsonProcessingException {
    assertThat(
            diff(
                "{'env': [{'name': 'A', 'value': 'x'}, {'name': 'B', 'value': 'y'}]}",
                "{'env': [{'name': 'C', 'value': 'z'}, {'name': 'B', 'value': 'y'}]}"))
        .containsExactly(
            new FieldChange("/env[name=C]", null, "{\"name\":\"C\",\"value\":\"z\"}"),
            new FieldChange("/env[name=A]", "{\"name\":\"A\",\"value\":\"x\"}", null));
    // two of one name: by place
    assertThat(
            diff(
                "{'env': [{'name': 'A', 'value': 'x'}, {'name': 'A', 'value': 'y'}]}",
                "{'env': [{'name': 'A', 'value': 'x'}, {'name': 'A', 'value': 'z'}]}"))
        .containsExactly(new FieldChange("/env/1/value", "y", "z"));
  }

  @Test
  void longTextsAreComparedByLine() throws JsonProcessingException {
    assertThat(
            diff(
                "{'data': {'a.yaml': 'one\\ntwo\\nthree\\nfour\\n'}}",
                "{'data': {'a.yaml': 'one\\n2\\nthree\\nfour\\nfive\\n'}}"))
        .containsExactly(
            new FieldChange("/data/a.yaml (line 2)", "two", "2"),
            new FieldChange("/data/a.yaml (line 5)", null, "five"));
    assertThat(diff("{'a': 'x\\n'}", "{'a': 'x'}"))
        .containsExactly(new FieldChange("/a (end of its last line)", null, null));
  }

  @Test
  void aSecretInALongTextIsMasked() throws JsonProcessingException {
    assertThat(diff("{'a': 'x\\nurl: none'}", "{'a': 'x\\nurl: postgresql://u:hunter2@h/d'}"))
        .extracting(FieldChange::after)
        .allMatch(after -> after == null || !after.contains("hunter2"));
  }

  private static List<FieldChange> diff(String before, String after)
      throws JsonProcessingException {
    return TreeDiff.of(
        JSON.readTree(before.replace('\'', '"')),
        JSON.readTree(after.replace('\'', '"')),
        pointer -> false,
        false);
  }
}
