package dev.floe.telemetry.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file of HTTP headers: {@code name=value} on each line, in UTF-8. A line that begins with {@code
 * #} is a comment. A comma begins another header where {@code name=} follows it, and belongs to the
 * value everywhere else. Values are taken as they stand; nothing in them ({@code %20}) is decoded.
 *
 * <p>Errors name the file and the line, never what stands in it.
 */
final class HeaderFile {
  private static final int MAX_BYTES = 64 * 1024;

  /** A field name of RFC 9110, section 5.1. */
  private static final String NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  private static final Pattern ANOTHER = Pattern.compile(",(?=\\s*" + NAME + "\\s*=)");
  private static final Pattern VALID_NAME = Pattern.compile(NAME);
  private static final Pattern VALID_VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

  private HeaderFile() {}

  /**
   * Reads a file.
   *
   * @return names in lower case, and values
   * @throws IOException when it cannot be read
   * @throws IllegalStateException when it is not a file of headers, naming the line
   */
  static Map<String, String> read(Path file) throws IOException {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IllegalStateException(file + " is larger than " + MAX_BYTES + " bytes");
    }
    return parse(file, bytes);
  }

  static Map<String, String> parse(Path file, byte[] bytes) {
    var headers = new LinkedHashMap<String, String>();
    int number = 0;
    for (var line : text(file, bytes).lines().toList()) {
      number++;
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      for (var header : ANOTHER.split(line, -1)) {
        int equals = header.indexOf('=');
        var name = equals < 0 ? "" : header.substring(0, equals).strip();
        if (!isName(name)) {
          throw wrong(file, number, "write name=value");
        }
        var value = header.substring(equals + 1).strip();
        if (!isValue(value)) {
          throw wrong(file, number, "the value holds a character that no header may hold");
        }
        headers.put(name.toLowerCase(Locale.ROOT), value);
      }
    }
    return headers;
  }

  static boolean isName(String name) {
    return VALID_NAME.matcher(name).matches();
  }

  static boolean isValue(String value) {
    return VALID_VALUE.matcher(value).matches();
  }

  private static String text(Path file, byte[] bytes) {
    if (bytes.length >= 2 && (bytes[0] == (byte) 0xfe || bytes[0] == (byte) 0xff)) {
      throw wrong(file, 1, "write the file in UTF-8; this looks like UTF-16");
    }
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    var result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw wrong(file, line, "write the file in UTF-8");
    }
    var text = out.flip().toString();
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static IllegalStateException wrong(Path file, int line, String words) {
    return new IllegalStateException("%s, line %d: %s".formatted(file, line, words));
  }
}
