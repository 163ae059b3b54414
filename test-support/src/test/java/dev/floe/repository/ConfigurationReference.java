package dev.floe.repository;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.ToolProvider;

/**
 * Reads every {@code @ConfigMapping} interface of the sources, by the compiler's own parser, and
 * writes the reference of the configuration. A key without a sentence is an error.
 */
final class ConfigurationReference {
  private static final Map<String, String> MODULES =
      new TreeMap<>(
          Map.of(
              "service-kit", "Every service",
              "platform-manager", "platform-manager",
              "job-launcher", "job-launcher",
              "telemetry-gateway", "telemetry-gateway"));

  private record Key(String name, String type, String byDefault, String words) {}

  private ConfigurationReference() {}

  /** The reference as Markdown, for the repository at {@code root}. */
  static String of(Path root) throws IOException {
    var page =
        new StringBuilder(
            """
            # Configuration

            Generated from the services' configuration interfaces; do not edit. Write it anew with
            `./mvnw -pl test-support -am test -Dtest=ConfigurationReferenceTest -Dgolden.write=true -Dsurefire.failIfNoSpecifiedTests=false`.

            A key can stand in `application.properties`, or in the environment: upper case, every other character a `_`
            (`floe.auth.token-file` → `FLOE_AUTH_TOKEN_FILE`). Keys of Quarkus itself (`quarkus.*`) work as documented there.
            A `*` stands for a name of your choice.
            """);
    for (var module :
        List.of("service-kit", "platform-manager", "job-launcher", "telemetry-gateway")) {
      var keys = new TreeMap<String, Key>();
      for (var unit : parse(root.resolve(module).resolve("src/main/java"))) {
        collect(unit, keys);
      }
      if (keys.isEmpty()) {
        continue;
      }
      page.append("\n## ").append(MODULES.get(module)).append("\n\n");
      page.append("| Key | Type | Default | What it does |\n|---|---|---|---|\n");
      for (var key : keys.values()) {
        page.append(
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    key.name(),
                    key.type(),
                    key.byDefault().isEmpty() ? "–" : "`" + key.byDefault() + "`",
                    key.words()));
      }
    }
    return page.toString();
  }

  private record Unit(CompilationUnitTree tree, DocTrees docs) {}

  private static List<Unit> parse(Path sources) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(sources)) {
      files =
          walk.filter(file -> file.toString().endsWith(".java"))
              .filter(ConfigurationReference::mapsConfiguration)
              .sorted()
              .toList();
    }
    if (files.isEmpty()) {
      return List.of();
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    var task =
        (JavacTask)
            compiler.getTask(
                null,
                manager,
                null,
                List.of("-proc:none"),
                null,
                manager.getJavaFileObjectsFromPaths(files));
    var units = new ArrayList<Unit>();
    for (var tree : task.parse()) {
      units.add(new Unit(tree, DocTrees.instance(task)));
    }
    return units;
  }

  private static boolean mapsConfiguration(Path file) {
    try {
      return Files.readString(file).contains("@ConfigMapping(");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void collect(Unit unit, Map<String, Key> keys) {
    for (var declaration : unit.tree().getTypeDecls()) {
      if (declaration instanceof ClassTree type) {
        var prefix =
            value(annotation(type.getModifiers().getAnnotations(), "ConfigMapping"), "prefix");
        if (prefix != null) {
          members(unit, type, new TreePath(new TreePath(unit.tree()), type), prefix, type, keys);
        }
      }
    }
  }

  private static void members(
      Unit unit,
      ClassTree type,
      TreePath path,
      String prefix,
      ClassTree outer,
      Map<String, Key> keys) {
    for (var member : type.getMembers()) {
      if (!(member instanceof MethodTree method) || method.getBody() != null) {
        continue;
      }
      var annotations = method.getModifiers().getAnnotations();
      var named = value(annotation(annotations, "WithName"), "value");
      var parentName = annotation(annotations, "WithParentName") != null;
      var name =
          parentName
              ? prefix
              : prefix + "." + (named == null ? kebab(method.getName().toString()) : named);
      var returned = method.getReturnType();
      var inner = returned;
      if (returned instanceof ParameterizedTypeTree generic) {
        inner = generic.getTypeArguments().getLast();
        if (generic.getType().toString().equals("Map")) {
          name += ".*";
        }
      }
      var group = nested(outer, inner.toString());
      if (group != null) {
        members(unit, group, new TreePath(path, group), name, outer, keys);
        continue;
      }
      var comment = unit.docs().getDocCommentTree(new TreePath(path, method));
      if (comment == null) {
        throw new AssertionError(name + " has no sentence about what it does");
      }
      var byDefault = value(annotation(annotations, "WithDefault"), "value");
      keys.put(
          name,
          new Key(name, typeName(returned), byDefault == null ? "" : byDefault, words(comment)));
    }
  }

  private static String typeName(Tree type) {
    if (type instanceof ParameterizedTypeTree generic) {
      var inner = generic.getTypeArguments().getLast();
      return switch (generic.getType().toString()) {
        case "Optional" -> typeName(inner) + ", optional";
        case "Map" -> typeName(inner);
        default -> typeName(inner) + ", several";
      };
    }
    return switch (type.toString()) {
      case "Duration" -> "duration";
      case "MemorySize" -> "memory size";
      case "boolean" -> "yes or no";
      case "int", "long", "Integer", "Long", "OptionalInt", "OptionalLong", "double" -> "number";
      case "Path" -> "file";
      case "URI" -> "URI";
      default -> "text";
    };
  }

  private static String words(DocCommentTree comment) {
    return comment.getFullBody().stream()
        .map(Object::toString)
        .reduce("", String::concat)
        .replaceAll("\\{@(code|link) ([^}]*)}", "`$2`")
        .replaceAll("\\s+", " ")
        .replace("|", "\\|")
        .strip();
  }

  private static ClassTree nested(ClassTree outer, String name) {
    for (var member : outer.getMembers()) {
      if (member instanceof ClassTree type) {
        if (type.getSimpleName().contentEquals(name) && type.getKind() == Tree.Kind.INTERFACE) {
          return type;
        }
        var deeper = nested(type, name);
        if (deeper != null) {
          return deeper;
        }
      }
    }
    return null;
  }

  private static AnnotationTree annotation(
      List<? extends AnnotationTree> annotations, String name) {
    for (var annotation : annotations) {
      var type = annotation.getAnnotationType().toString();
      if (type.equals(name) || type.endsWith("." + name)) {
        return annotation;
      }
    }
    return null;
  }

  private static String value(AnnotationTree annotation, String name) {
    if (annotation == null) {
      return null;
    }
    for (ExpressionTree argument : annotation.getArguments()) {
      ExpressionTree given = argument;
      if (argument instanceof AssignmentTree assignment) {
        if (!assignment.getVariable().toString().equals(name)) {
          continue;
        }
        given = assignment.getExpression();
      }
      return given instanceof LiteralTree literal
          ? String.valueOf(literal.getValue())
          : given.toString();
    }
    return null;
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
