package dev.floe.kit.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.floe.kit.problem.FloeException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Refuses JSON bodies with a key or value that is not {@link StorableText}, naming where it stands.
 * Almost no body is looked at twice: only one with bytes that such text is written with.
 */
@Provider
public final class StorableBody implements ReaderInterceptor {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext call) throws IOException {
    var type = call.getMediaType();
    if (type != null && type.getSubtype().endsWith("json")) {
      var body = call.getInputStream().readAllBytes();
      if (suspicious(body)) {
        check(body);
      }
      call.setInputStream(new ByteArrayInputStream(body));
    }
    return call.proceed();
  }

  /**
   * Whether NUL or a surrogate may be in it: escaped, in UTF-8's form of a surrogate, or in UTF-16
   * or UTF-32, where each character of the syntax has a byte that is zero.
   */
  static boolean suspicious(byte[] body) {
    for (int i = 0; i < body.length; i++) {
      if (body[i] == 0) {
        return true;
      }
      if (i + 1 == body.length) {
        return false;
      }
      if ((body[i] == '\\' && body[i + 1] == 'u')
          || ((body[i] & 0xff) == 0xed && (body[i + 1] & 0xff) >= 0xa0)) {
        return true;
      }
    }
    return false;
  }

  private static void check(byte[] body) throws IOException {
    try (var parser = JSON.createParser(body)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
          check(parser);
        }
      }
    } catch (JsonProcessingException e) {
      // whoever reads the body next says what is wrong with it
    }
  }

  private static void check(JsonParser parser) throws IOException {
    var problem = StorableText.problem(parser.getText());
    if (problem.isPresent()) {
      boolean key = parser.currentToken() == JsonToken.FIELD_NAME;
      throw FloeException.invalid(
          visible(parser.getParsingContext().pathAsPointer().toString()),
          (key ? "the key " : "") + problem.get());
    }
  }

  /** A pointer that can be printed, also where a key is what is wrong. */
  private static String visible(String pointer) {
    var text = new StringBuilder();
    for (int i = 0; i < pointer.length(); i++) {
      char c = pointer.charAt(i);
      text.append(c == 0 || Character.isSurrogate(c) ? '\uFFFD' : c);
    }
    return text.toString();
  }
}
