package dev.floe.cli;

import dev.floe.local.LocalException;
import dev.floe.local.home.FileNames;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the path of a file, and names the locale where that can't express it. */
final class PathConverter implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    try {
      return FileNames.path("it", text);
    } catch (LocalException e) {
      throw new TypeConversionException(e.getMessage() + " " + e.action());
    }
  }
}
