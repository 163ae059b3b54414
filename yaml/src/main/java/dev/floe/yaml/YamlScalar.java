package dev.floe.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a scalar without quotes means. Only the one spelling that JSON also has is taken for a
 * number, a truth value or null; other spellings that some reader takes for one are refused.
 */
final class YamlScalar {
  private static final int NUMBER_MAX = 80;

  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]*");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)\\.[0-9]+");

  /** What YAML 1.2's core schema takes for a number, a truth value or null, however it is spelt. */
  private static final Pattern NO_TEXT =
      Pattern.compile(
          "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
              + "|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"
              + "|true|True|TRUE|false|False|FALSE|null|Null|NULL|~");

  private YamlScalar() {}

  /** The value of a scalar without quotes; absent where its spelling is refused. */
  static @Nullable JsonNode plain(String text) {
    switch (text) {
      case "", "null" -> {
        return NullNode.getInstance();
      }
      case "true" -> {
        return BooleanNode.TRUE;
      }
      case "false" -> {
        return BooleanNode.FALSE;
      }
      default -> {}
    }
    if (text.length() <= NUMBER_MAX && INTEGER.matcher(text).matches()) {
      return integer(new BigInteger(text));
    }
    if (text.length() <= NUMBER_MAX && DECIMAL.matcher(text).matches()) {
      var number = new BigDecimal(text);
      return number.toPlainString().equals(text) ? DecimalNode.valueOf(number) : null;
    }
    return NO_TEXT.matcher(text).matches() ? null : TextNode.valueOf(text);
  }

  private static JsonNode integer(BigInteger number) {
    var json = JsonNodeFactory.instance;
    return number.bitLength() < 32
        ? json.numberNode(number.intValue())
        : number.bitLength() < 64 ? json.numberNode(number.longValue()) : json.numberNode(number);
  }
}
