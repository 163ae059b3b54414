package dev.floe.platform.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.yaml.SecretWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets that were written into a manifest out of its tree: in every section, by the key
 * they stand under and by their shape, text and numbers. A reference to a Secret stands in their
 * place afterwards, so that no revision, plan, difference or log ever holds them.
 */
final class SecretScan {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> REFERENCE = Set.of("name", "key", "namespace", "optional");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
  private static final Pattern FLAG = Pattern.compile("--?[A-Za-z][A-Za-z0-9_.-]{0,80}");
  private static final Pattern OF_A_SECRET = Pattern.compile("(?i).*(secrets?|credentials?)");
  private static final int KEY_MAX = 200;

  private final List<Found> found = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();
  private final Map<String, Integer> last = new HashMap<>();
  private final int most;
  private @Nullable String beyond;

  private SecretScan(int most) {
    this.most = most;
  }

  /**
   * What a manifest holds.
   *
   * @param found at most as many as were asked for
   * @param beyond where the first secret stands that is more; absent where all were found
   */
  record Taken(List<Found> found, Optional<String> beyond) {}

  /**
   * A secret in a manifest.
   *
   * @param pointer where it stood
   * @param why what makes it one, without its value
   * @param taken what stood there; absent where the place takes no reference to a Secret
   */
  record Found(String pointer, String why, Optional<InlineSecret> taken) {}

  /** The way to a value; its pointer is made only where it is told. */
  private record Path(@Nullable Path parent, String key, int index) {
    String pointer() {
      if (parent == null) {
        return "";
      }
      return index < 0
          ? SourceTree.child(parent.pointer(), key)
          : SourceTree.child(parent.pointer(), index);
    }

    Path child(String field) {
      return new Path(this, field, -1);
    }

    Path child(int item) {
      return new Path(this, "", item);
    }

    /** The keys from the root. */
    List<String> keys() {
      var keys = parent == null ? new ArrayList<String>() : new ArrayList<>(parent.keys());
      if (parent != null) {
        keys.add(index < 0 ? key : String.valueOf(index));
      }
      return keys;
    }
  }

  /**
   * The pointer of a mapping that has a secret as one of its keys; such a key could be named by no
   * error.
   */
  static Optional<String> secretKey(JsonNode tree) {
    return secretKey(tree, new Path(null, "", -1)).map(Path::pointer);
  }

  private static Optional<Path> secretKey(JsonNode node, Path path) {
    if (node instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        if (SecretWords.shape(entry.getKey()).isPresent()) {
          return Optional.of(path);
        }
        var below = secretKey(entry.getValue(), path.child(entry.getKey()));
        if (below.isPresent()) {
          return below;
        }
      }
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        var below = secretKey(list.get(i), path.child(i));
        if (below.isPresent()) {
          return below;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Changes the tree in place.
   *
   * @param shape what the manifest may look like: tells where a reference can stand
   * @param most how many secrets are taken before the scan ends
   */
  static Taken takeFrom(ObjectNode manifest, Shape shape, int most) {
    var scan = new SecretScan(most);
    scan.walk(manifest, shape, false, false, new Path(null, "", -1));
    return new Taken(List.copyOf(scan.found), Optional.ofNullable(scan.beyond));
  }

  /**
   * @param free whether a reference can stand here or below, whatever its shape
   * @param named whether a key on the way names a secret
   */
  private void walk(JsonNode node, @Nullable Shape shape, boolean free, boolean named, Path path) {
    if (beyond != null) {
      return;
    }
    boolean anything = free || shape instanceof Shape.Anything || shape instanceof Shape.Unused;
    switch (node) {
      case ObjectNode object -> {
        boolean refers = named && reference(object);
        boolean nameAlone = named && !refers && nameAlone(object, path);
        boolean pair = pair(object);
        for (var entry : List.copyOf(object.properties())) {
          var key = entry.getKey();
          var child = path.child(key);
          var childShape = shape(shape, key);
          boolean childNamed =
              !kind(path)
                  && !refers
                  && (names(key, entry.getValue())
                      || (named && !SecretWords.about(key))
                      || (pair && key.equals("value"))
                      || (nameAlone && key.equals("name")));
          if (entry.getValue().isValueNode()) {
            boolean takes = anything || takesReference(childShape);
            scalar(entry.getValue(), takes, childNamed, child)
                .ifPresent(reference -> object.set(key, reference));
          } else {
            walk(entry.getValue(), childShape, anything, childNamed, child);
          }
        }
      }
      case ArrayNode list -> {
        var itemShape = shape instanceof Shape.Items items ? items.item() : null;
        for (int i = 0; i < list.size(); i++) {
          var child = path.child(i);
          var item = list.get(i);
          if (item.isValueNode()) {
            int at = i;
            boolean itemNamed = named || (i > 0 && flag(list.get(i - 1)) && !option(item));
            scalar(item, anything || takesReference(itemShape), itemNamed, child)
                .ifPresent(reference -> list.set(at, reference));
          } else {
            walk(item, itemShape, anything, named, child);
          }
        }
      }
      default -> {}
    }
  }

  /** Kinds of plugins are no names of secrets, although one of them is called so. */
  private static boolean kind(Path path) {
    return path.parent() != null && path.parent().parent() == null && path.key().equals("plugins");
  }

  private static boolean names(String key, JsonNode value) {
    return SecretWords.names(key)
        && (!SecretWords.authorization(key)
            || (value.isTextual() && SecretWords.authorizes(value.asText())));
  }

  /** Whether it is a name and a value, as variables of the environment are in Kubernetes. */
  private static boolean pair(ObjectNode object) {
    return object.has("value")
        && (SecretWords.names(object.path("name").asText(""))
            || SecretWords.names(object.path("key").asText("")));
  }

  /** Whether the item after this one is the value of a secret: {@code [--password, …]}. */
  private static boolean flag(JsonNode item) {
    return option(item)
        && FLAG.matcher(item.asText()).matches()
        && SecretWords.names(item.asText());
  }

  private static boolean option(JsonNode item) {
    return item.isTextual() && item.asText().startsWith("-");
  }

  /** Whether it names a key of a Secret, or a Secret where its key says that it is one. */
  private static boolean reference(ObjectNode object) {
    for (var entry : object.properties()) {
      var value = entry.getValue();
      boolean fits =
          switch (entry.getKey()) {
            case "name", "namespace" -> value.isTextual() && NAME.matcher(value.asText()).matches();
            case "key" -> value.isTextual() && KEY.matcher(value.asText()).matches();
            case "optional" -> value.isBoolean();
            default -> false;
          };
      if (!fits) {
        return false;
      }
    }
    return object.has("name") && object.has("key");
  }

  /** Whether what stands as a name can be the secret itself: {@code password: {name: …}}. */
  private static boolean nameAlone(ObjectNode object, Path path) {
    if (object.has("key")) {
      return false;
    }
    for (var entry : object.properties()) {
      if (!REFERENCE.contains(entry.getKey())) {
        return false;
      }
    }
    var at = path;
    while (at.index() >= 0 && at.parent() != null) {
      at = at.parent();
    }
    return !OF_A_SECRET.matcher(at.key()).matches()
        || !NAME.matcher(object.path("name").asText("")).matches();
  }

  private static boolean takesReference(@Nullable Shape shape) {
    return shape instanceof Shape.TextOr
        || shape instanceof Shape.Anything
        || shape instanceof Shape.Unused;
  }

  private static @Nullable Shape shape(@Nullable Shape parent, String key) {
    return switch (parent) {
      case Shape.Fields fields -> fields.fields().get(key);
      case Shape.Named named -> named.value();
      case Shape.TextOr either -> either.reference().fields().get(key);
      case null, default -> null;
    };
  }

  /** The reference that takes the place of a secret; empty where it is none, or none can stand. */
  private Optional<JsonNode> scalar(JsonNode value, boolean takes, boolean named, Path path) {
    if (beyond != null || (!value.isTextual() && !value.isNumber())) {
      return Optional.empty();
    }
    var text = value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
    var why =
        named && !SecretWords.placeholder(text)
            ? Optional.of("its key names a secret")
            : SecretWords.shape(text).map(words -> "it looks like " + words);
    if (why.isEmpty()) {
      return Optional.empty();
    }
    if (found.size() == most) {
      beyond = path.pointer();
      return Optional.empty();
    }
    if (!takes) {
      found.add(new Found(path.pointer(), why.get(), Optional.empty()));
      return Optional.empty();
    }
    var steps = path.keys();
    var owner =
        steps.size() > 1 && List.of("plugins", "services").contains(steps.getFirst())
            ? steps.get(1)
            : steps.getFirst();
    var secret =
        "inline-"
            + owner.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "");
    var key = key(String.join("/", steps));
    found.add(
        new Found(
            path.pointer(),
            why.get(),
            Optional.of(new InlineSecret(path.pointer(), secret, key, text))));
    var reference = JSON.objectNode().put("name", secret).put("key", key);
    return Optional.of(JSON.objectNode().set("secretRef", reference));
  }

  /** A key of a Secret for this path; no two paths get the same. */
  private String key(String path) {
    var plain = path.replaceAll("[^-._a-zA-Z0-9]+", ".");
    var ending = plain.length() <= KEY_MAX ? plain : plain.substring(plain.length() - KEY_MAX);
    var key = ending;
    int number = last.getOrDefault(ending, 1);
    while (!keys.add(key)) {
      number++;
      key = ending + "-" + number;
    }
    last.put(ending, number);
    return key;
  }
}
