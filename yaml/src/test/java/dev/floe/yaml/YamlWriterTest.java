package dev.floe.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What is written is read back by a reader of YAML 1.1 and by floe's own. */
class YamlWriterTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TRICKY =
      List.of(
          "0x1F",
          "2026-01-31",
          "2026-01-31T10:00:00Z",
          "12:30:45",
          "190:20:30",
          "yes",
          "no",
          "Yes",
          "on",
          "OFF",
          "y",
          "N",
          "true",
          "False",
          "null",
          "~",
          "",
          "=",
          "<<",
          "1_000",
          "0644",
          "0o17",
          "0b11",
          "1e3",
          "1.5e+3",
          ".5",
          ".inf",
          "-.INF",
          ".NaN",
          "+1",
          "-1",
          "3.10",
          "007",
          "!tag",
          "&a",
          "*a",
          "a: b",
          "a #b",
          "#a",
          "- a",
          "-",
          "? a",
          "[a]",
          "{a: b}",
          "%a",
          "@a",
          "`a",
          "a,b",
          "'a'",
          "\"a\"",
          "a:",
          ":a",
          "|",
          ">",
          " a",
          "a ",
          "a\nb",
          "a\nb\n",
          "\na",
          "a\n\n",
          "a \nb",
          "\ta",
          "a\tb",
          "a\r\nb",
          "a\u0085b",
          "a\u2028b",
          "\uFEFFa",
          "a\u00a0b",
          "\u00fcber",
          "日次",
          "😀",
          "a\u0001b",
          "---",
          "---\na",
          "...",
          "a\n--- b",
          "\\",
          "a\\nb",
          "x'y",
          "http://h:80/p?q=1#f",
          "01jabc",
          "2Gi",
          "500m",
          "-v",
          "--host",
          "-y",
          "-inf",
          "--",
          "-e5",
          "1.2.3",
          "127.0.0.1",
          "1.2.3.4.5",
          "1k",
          "1E",
          "1e",
          "1_0m");

  @Test
  void textThatLooksLikeSomethingElseIsQuoted() {
    // Given
    var list = JSON.arrayNode();
    TRICKY.forEach(list::add);
    // Then
    assertLoadsTheSame(list);
  }

  @Test
  void trickyKeysAreQuoted() {
    // Given
    var object = JSON.objectNode();
    TRICKY.forEach(key -> object.put(key, key));
    // Then
    assertLoadsTheSame(object);
  }

  @Test
  void whatIsPlainStaysPlain() {
    assertThat(
            YamlWriter.write(
                JSON.objectNode()
                    .put("name", "weather 1")
                    .put("size", "2Gi")
                    .put("count", 3)
                    .put("script", "a\n  b\n")
                    .set("empty", JSON.arrayNode())))
        .isEqualTo("name: weather 1\nsize: 2Gi\ncount: 3\nscript: |\n  a\n    b\nempty: []\n");
  }

  @Test
  void longTextIsWritten() {
    assertLoadsTheSame(JSON.objectNode().put("l".repeat(3000), "a line\n".repeat(20_000)));
    assertLoadsTheSame(JSON.objectNode().put("k", "\u0085x".repeat(20_000)));
  }

  @Property(tries = 2000)
  void anyTreeLoadsTheSame(@ForAll("trees") JsonNode tree) {
    assertLoadsTheSame(tree);
  }

  @Provide
  Arbitrary<JsonNode> trees() {
    Arbitrary<JsonNode> leaves =
        Arbitraries.oneOf(
            List.of(
                texts().map(JSON::textNode),
                Arbitraries.bigIntegers().map(JSON::numberNode),
                Arbitraries.bigDecimals().ofScale(6).map(DecimalNode::valueOf),
                Arbitraries.doubles().map(JSON::numberNode),
                Arbitraries.of(true, false).map(JSON::booleanNode),
                Arbitraries.just(JSON.nullNode())));
    return Arbitraries.recursive(() -> leaves, YamlWriterTest::containing, 0, 3);
  }

  private static Arbitrary<JsonNode> containing(Arbitrary<JsonNode> values) {
    Arbitrary<JsonNode> lists =
        values
            .list()
            .ofMaxSize(4)
            .map(items -> {
              var list = JSON.arrayNode();
              items.forEach(list::add);
              return list;
            });
    Arbitrary<JsonNode> mappings =
        Arbitraries.maps(texts(), values)
            .ofMaxSize(4)
            .map(fields -> {
              var object = JSON.objectNode();
              fields.forEach(object::set);
              return object;
            });
    return Arbitraries.oneOf(List.of(lists, mappings));
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        List.of(
            Arbitraries.of(TRICKY),
            Arbitraries.strings().withChars("0123456789:-+._eExXob~=TZ ").ofMaxLength(12),
            Arbitraries.strings().withChars("ab \n\t#:-'\"\\|>,[]{}&*!%@`?").ofMaxLength(20),
            Arbitraries.strings().ofMaxLength(20).map(YamlWriterTest::paired)));
  }

  /** JSON cannot carry a lone surrogate either. */
  private static String paired(String text) {
    var paired = new StringBuilder();
    text.codePoints()
        .filter(point -> point < 0xD800 || point > 0xDFFF)
        .filter(point -> point != 0 && point != 0xFFFE && point != 0xFFFF)
        .forEach(paired::appendCodePoint);
    return paired.toString();
  }

  private static void assertLoadsTheSame(JsonNode tree) {
    var text = YamlWriter.write(tree);
    Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    assertThat(same(tree, loaded)).as("YAML 1.1 reads%n%s%nas %s", text, loaded).isTrue();
    if (!text.contains("e+") && !text.contains("e-") && tree.isContainerNode()) {
      assertThat(
              same(
                  tree,
                  MAPPER.convertValue(
                      YamlReader.of(YamlLimits.USUAL).read(text).root(), Object.class)))
          .as("floe reads%n%s", text)
          .isTrue();
    }
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static boolean same(JsonNode node, @Nullable Object loaded) {
    return switch (loaded) {
      case null -> node.isNull();
      case Boolean truth -> node.isBoolean() && node.asBoolean() == truth;
      case String text -> node.isTextual() && node.asText().equals(text);
      case Integer number -> whole(node, BigInteger.valueOf(number));
      case Long number -> whole(node, BigInteger.valueOf(number));
      case BigInteger number -> whole(node, number);
      case Double number -> node.isFloatingPointNumber() && node.asDouble() == number;
      case BigDecimal number ->
          node.isFloatingPointNumber() && node.decimalValue().compareTo(number) == 0;
      case List<?> items -> {
        boolean equal = node.isArray() && node.size() == items.size();
        for (int i = 0; equal && i < items.size(); i++) {
          equal = same(node.get(i), items.get(i));
        }
        yield equal;
      }
      case Map<?, ?> fields -> {
        var rest = new LinkedHashMap<Object, @Nullable Object>(fields);
        boolean equal = node.isObject() && node.size() == rest.size();
        for (var entry : node.properties()) {
          equal =
              equal
                  && rest.containsKey(entry.getKey())
                  && same(entry.getValue(), rest.get(entry.getKey()));
        }
        yield equal;
      }
      default -> false;
    };
  }

  private static boolean whole(JsonNode node, BigInteger number) {
    return node.isIntegralNumber() && node.bigIntegerValue().equals(number);
  }
}
