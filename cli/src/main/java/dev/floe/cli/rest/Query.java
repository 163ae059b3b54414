package dev.floe.cli.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path with query parameters; those without a value are left out. */
public final class Query {
  private final String path;
  private final List<String> parameters;

  private Query(String path, List<String> parameters) {
    this.path = path;
    this.parameters = parameters;
  }

  /** A path below the API's base; each segment is encoded. */
  public static Query of(String... segments) {
    var path = new StringBuilder();
    for (var segment : segments) {
      path.append('/').append(encode(segment).replace("+", "%20"));
    }
    return new Query(path.toString(), List.of());
  }

  /** The same with one parameter more; without a value it is left out. */
  public Query with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    var more = new ArrayList<>(parameters);
    more.add(name + "=" + encode(value.toString()));
    return new Query(path, more);
  }

  @Override
  public String toString() {
    return parameters.isEmpty() ? path : path + "?" + String.join("&", parameters);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
