package dev.floe.cli.output;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How a result is printed: a table for eyes, the others for programs. */
public enum OutputFormat {
  TABLE,
  JSON,
  YAML,
  NAME;

  /** Reads the option's value. */
  public static final class Converter implements ITypeConverter<OutputFormat> {
    @Override
    public OutputFormat convert(String text) {
      for (var format : values()) {
        if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
          return format;
        }
      }
      throw new TypeConversionException(
          "'%s' is not an output format; write table, json, yaml or name".formatted(text));
    }
  }
}
