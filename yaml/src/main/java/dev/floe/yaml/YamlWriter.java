package dev.floe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Writes trees as YAML in block style. Readers of YAML 1.1 and of YAML 1.2 load the values that the
 * tree has: text that any of them would take for something else is written in quotes, characters
 * that any of them would refuse or fold are escaped, and there are no tags, anchors or merge keys.
 */
public final class YamlWriter {
  /** Longest key that all readers find without a question mark before it. */
  private static final int SIMPLE_KEY_MAX = 1000;

  private static final int DIGITS_MAX = 30;

  /**
   * Begins with a letter, a slash or an underscore, so it is not a number, time or indicator; or is
   * an option of a command, an address, a version of three parts or a Kubernetes quantity, which no
   * reader takes for anything else.
   */
  private static final Pattern PLAIN =
      Pattern.compile(
          "[\\p{L}_/]([\\p{L}\\p{N} !-~]*[\\p{L}\\p{N}!-~])?"
              + "|--?[A-Za-z][-_A-Za-z]*|[0-9]{1,9}(\\.[0-9]{1,9}){2,3}|[0-9]{1,9}([mkMGTP]|[KMGTP]i)");

  private static final Pattern NOT_PLAIN =
      Pattern.compile(
          ".*(: | #|:$).*|y|yes|n|no|on|off|true|false|null|nan|inf", Pattern.CASE_INSENSITIVE);

  private static final Pattern ASCII = Pattern.compile("[ -~]*");

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  /** One document, ending in a line feed. */
  public static String write(JsonNode tree) {
    var writer = new YamlWriter();
    if (tree.isContainerNode() && !tree.isEmpty()) {
      writer.block(tree, 0, false);
    } else {
      writer.inline(tree, 0);
    }
    return writer.out.toString();
  }

  /**
   * @param begun whether the first line's indentation stands already
   */
  private void block(JsonNode node, int indent, boolean begun) {
    boolean first = begun;
    if (node instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        if (!first) {
          indent(indent);
        }
        first = false;
        key(entry.getKey(), indent);
        value(entry.getValue(), indent);
      }
      return;
    }
    for (var item : node) {
      if (!first) {
        indent(indent);
      }
      first = false;
      out.append("- ");
      if (item.isContainerNode() && !item.isEmpty()) {
        block(item, indent + 2, true);
      } else {
        inline(item, indent);
      }
    }
  }

  private void key(String key, int indent) {
    var text =
        PLAIN.matcher(key).matches() && !NOT_PLAIN.matcher(key).matches() ? key : quoted(key);
    if (text.length() > SIMPLE_KEY_MAX) {
      out.append("? ").append(text).append('\n');
      indent(indent);
      out.append(':');
    } else {
      out.append(text).append(':');
    }
  }

  /** What follows a key: a list stands at the key's own indentation. */
  private void value(JsonNode value, int indent) {
    if (value.isContainerNode() && !value.isEmpty()) {
      out.append('\n');
      block(value, value instanceof ArrayNode ? indent : indent + 2, false);
    } else {
      out.append(' ');
      inline(value, indent);
    }
  }

  private void inline(JsonNode node, int indent) {
    if (node.isContainerNode()) {
      out.append(node.isArray() ? "[]" : "{}").append('\n');
    } else if (node.isFloatingPointNumber()) {
      out.append(number(node)).append('\n');
    } else if (node.isNumber() || node.isBoolean() || node.isNull()) {
      out.append(node.asText()).append('\n');
    } else {
      text(node.asText(), indent);
    }
  }

  private void text(String text, int indent) {
    if (lines(text)) {
      out.append('|').append(!text.endsWith("\n") ? "-" : text.endsWith("\n\n") ? "+" : "");
      for (var line :
          text.substring(0, text.length() - (text.endsWith("\n") ? 1 : 0)).split("\n", -1)) {
        out.append('\n');
        if (!line.isEmpty()) {
          indent(indent + 2);
          out.append(line);
        }
      }
      out.append('\n');
    } else {
      var plain = PLAIN.matcher(text).matches() && !NOT_PLAIN.matcher(text).matches();
      out.append(plain ? text : quoted(text)).append('\n');
    }
  }

  /** Whether the lines of a text can stand as they are: no blank begins the text or ends a line. */
  private static boolean lines(String text) {
    if (text.indexOf('\n') < 0 || text.charAt(0) == ' ' || text.charAt(0) == '\n') {
      return false;
    }
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      boolean ends = i == text.length() || text.charAt(i) == '\n';
      if (point == ' ' ? ends : point != '\n' && !printable(point)) {
        return false;
      }
    }
    return true;
  }

  private static String quoted(String text) {
    if (ASCII.matcher(text).matches()) {
      return "'" + text.replace("'", "''") + "'";
    }
    var quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            default -> {
              if (printable(point)) {
                quoted.appendCodePoint(point);
              } else {
                quoted.append(
                    point < 0x100 ? "\\x%02x".formatted(point) : "\\u%04x".formatted(point));
              }
            }
          }
        });
    return quoted.append('"').toString();
  }

  private static boolean printable(int point) {
    return (point >= ' ' && point <= '~')
        || (point > 0xA0 && point < 0x2000)
        || (point > 0x206F && point < 0xD800)
        || (point >= 0xE000 && point < 0xFE00)
        || (point > 0xFE0F && point < 0xFFF0 && point != 0xFEFF)
        || point > 0xFFFF;
  }

  /** A float of YAML 1.1 has a point, and a sign before its exponent. */
  private static String number(JsonNode node) {
    boolean binary = node.isDouble() || node.isFloat();
    if (binary && !Double.isFinite(node.asDouble())) {
      return quoted(node.asText());
    }
    var number = node.isBigDecimal() ? node.decimalValue() : new BigDecimal(node.asText());
    if (Math.abs((long) number.scale()) <= DIGITS_MAX && number.precision() <= DIGITS_MAX) {
      var plain = number.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    var digits = number.unscaledValue().abs().toString();
    long exponent = (long) digits.length() - 1 - number.scale();
    return "%s%s.%se%s%d"
        .formatted(
            number.signum() < 0 ? "-" : "",
            digits.charAt(0),
            digits.length() > 1 ? digits.substring(1) : "0",
            exponent < 0 ? "-" : "+",
            Math.abs(exponent));
  }

  private void indent(int columns) {
    out.repeat(' ', columns);
  }
}
