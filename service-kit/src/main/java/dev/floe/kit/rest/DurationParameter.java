package dev.floe.kit.rest;

import dev.floe.kit.problem.FloeException;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads query parameters that are ISO-8601 durations, for example {@code wait=PT30S}. */
@Provider
public final class DurationParameter implements ParamConverterProvider {
  @Override
  @SuppressWarnings("unchecked") // the converter is given out for Duration alone
  public <T> @Nullable ParamConverter<T> getConverter(
      Class<T> rawType, Type genericType, Annotation[] annotations) {
    return rawType == Duration.class ? (ParamConverter<T>) new Converter() : null;
  }

  private static final class Converter implements ParamConverter<Duration> {
    @Override
    public Duration fromString(String value) {
      try {
        return Duration.parse(value);
      } catch (DateTimeParseException e) {
        throw FloeException.invalid(
            "wait", "'%s' is not an ISO-8601 duration; write for example PT30S".formatted(value));
      }
    }

    @Override
    public String toString(Duration value) {
      return value.toString();
    }
  }
}
