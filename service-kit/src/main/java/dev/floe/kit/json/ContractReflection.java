package dev.floe.kit.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeReflection;

/**
 * Lets a native image read and write every type of the contract as JSON. The contract knows neither
 * Quarkus nor GraalVM, and what a response object or a database column carries is not seen in any
 * signature; so all of its types are registered, without a list that someone would have to keep.
 */
public final class ContractReflection implements Feature {
  private static final String PACKAGE = "dev/floe/contract/";

  @Override
  public void beforeAnalysis(BeforeAnalysisAccess access) {
    var registered = 0;
    for (var entry : access.getApplicationClassPath()) {
      for (var name : classesIn(entry)) {
        var type = access.findClassByName(name);
        if (type != null) {
          register(type);
          registered++;
        }
      }
    }
    if (registered == 0) {
      throw new IllegalStateException("the contract is not on the class path");
    }
  }

  private static void register(Class<?> type) {
    RuntimeReflection.register(type);
    RuntimeReflection.registerAllDeclaredConstructors(type);
    RuntimeReflection.registerAllDeclaredMethods(type);
    RuntimeReflection.registerAllDeclaredFields(type);
    RuntimeReflection.register(type.getDeclaredConstructors());
    RuntimeReflection.register(type.getDeclaredMethods());
    RuntimeReflection.register(type.getDeclaredFields());
    if (type.isRecord()) {
      RuntimeReflection.registerAllRecordComponents(type);
    }
  }

  /** Names of the contract's classes in a folder or a jar. */
  static List<String> classesIn(Path entry) {
    try {
      if (Files.isDirectory(entry)) {
        return classesUnder(entry);
      }
      if (!Files.isRegularFile(entry) || !entry.toString().endsWith(".jar")) {
        return List.of();
      }
      try (var jar = FileSystems.newFileSystem(entry)) {
        return classesUnder(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> classesUnder(Path root) throws IOException {
    var folder = root.resolve(PACKAGE);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.walk(folder)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .sorted()
          .toList();
    }
  }
}
