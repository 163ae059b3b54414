package dev.floe.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.floe.yaml.YamlDocument.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Builds the tree of one document out of the parser's events. Every limit is checked before a value
 * is built; recursion is bounded by the limit of nesting.
 */
final class TreeBuilder {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Position START = new Position(1, 1);
  private static final String STRING_TAG = "tag:yaml.org,2002:str";
  private static final int SHOWN_MAX = 60;

  private final Iterator<Event> events;
  private final YamlLimits limits;
  private final Predicate<String> sensitive;
  private final Map<String, Built> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();
  private final List<YamlProblem> problems = new ArrayList<>();
  private int unreported;
  private int values;
  private long characters;

  TreeBuilder(Iterator<Event> events, YamlLimits limits, Predicate<String> sensitive) {
    this.events = events;
    this.limits = limits;
    this.sensitive = sensitive;
  }

  /**
   * A value with what an alias to it adds.
   *
   * @param size number of values in it
   * @param height levels of nesting below it
   * @param path longest path below it, in characters
   * @param characters of all keys and scalars in it
   */
  private record Built(
      JsonNode node, Place place, int size, int height, int path, long characters) {}

  /**
   * Where a value stands in its tree.
   *
   * @param step key or index
   * @param length characters of all steps from the root
   * @param hidden whether the value must not be repeated
   */
  private record Path(@Nullable Path parent, String step, int depth, int length, boolean hidden) {
    static final Path ROOT = new Path(null, "", 0, 0, false);

    Path child(String key, boolean sensitive) {
      return new Path(this, key, depth + 1, length + 1 + key.length(), hidden || sensitive);
    }

    String pointer() {
      var steps = new ArrayList<String>();
      for (var at = this; at.parent() != null; at = at.parent()) {
        steps.add(at.step());
      }
      var pointer = new StringBuilder();
      for (var step : steps.reversed()) {
        pointer.append(JsonPointer.empty().appendProperty(step));
      }
      return pointer.toString();
    }
  }

  YamlDocument document() {
    @Nullable YamlDocument only = null;
    while (events.hasNext()) {
      var event = events.next();
      if (!(event instanceof DocumentStartEvent)) {
        continue;
      }
      var content = (NodeEvent) events.next();
      if (content instanceof ScalarEvent scalar
          && scalar.isPlain()
          && scalar.getValue().isEmpty()
          && scalar.getTag().isEmpty()) {
        continue;
      }
      if (only != null) {
        problem(
            Path.ROOT,
            position(content),
            "holds more than one document; the second begins here: put it into a file of its own");
        break;
      }
      anchors.clear();
      var built = build(content, Path.ROOT);
      only = new YamlDocument(built.node(), built.place());
    }
    if (only == null && problems.isEmpty()) {
      throw new YamlException(List.of(new YamlProblem("/", "is empty", null)));
    }
    if (unreported > 0) {
      problems.add(new YamlProblem("/", "has %d more problems".formatted(unreported), null));
    }
    if (only == null || !problems.isEmpty()) {
      throw new YamlException(problems);
    }
    return only;
  }

  static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Position position(Event event) {
    return event.getStartMark().map(TreeBuilder::position).orElse(START);
  }

  private Built build(NodeEvent event, Path path) {
    var at = position(event);
    if (event instanceof AliasEvent alias) {
      return alias(alias, path, at);
    }
    count(1, event instanceof ScalarEvent scalar ? scalar.getValue().length() : 0, at);
    var anchor = event.getAnchor().map(Anchor::getValue);
    anchor.ifPresent(open::add);
    var built =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar, path, at);
          case SequenceStartEvent list -> {
            tag(list.getTag(), path, at);
            yield list(path, at);
          }
          case MappingStartEvent mapping -> {
            tag(mapping.getTag(), path, at);
            yield mapping(path, at);
          }
          default -> throw new IllegalStateException("no value begins with " + event.getEventId());
        };
    anchor.ifPresent(name -> {
      open.remove(name);
      anchors.put(name, built);
    });
    return built;
  }

  private Built alias(AliasEvent alias, Path path, Position at) {
    var name = alias.getAlias().getValue();
    var built = anchors.get(name);
    if (open.contains(name)) {
      problem(path, at, "%s stands inside what it refers to".formatted(named(alias, path)));
    } else if (built == null) {
      problem(path, at, "%s refers to nothing above it".formatted(named(alias, path)));
    } else {
      depth(path, at, built.height());
      length(path, at, built.path());
      count(built.size(), built.characters(), at);
      return new Built(
          built.node().deepCopy(),
          built.place().at(null, at),
          built.size(),
          built.height(),
          built.path(),
          built.characters());
    }
    return leaf(NullNode.getInstance(), 0, at);
  }

  /** An alias in words; its name may be a secret that begins with a star. */
  private static String named(AliasEvent alias, Path path) {
    return path.hidden()
        ? "an alias (a value that begins with *) here"
        : "the alias *" + shown(alias.getAlias().getValue());
  }

  private Built list(Path path, Position at) {
    depth(path, at, 0);
    var list = JSON.arrayNode();
    var places = new ArrayList<Place>();
    int size = 1;
    int height = 0;
    int longest = 0;
    long length = 0;
    for (var event = events.next(); event.getEventId() != ID.SequenceEnd; event = events.next()) {
      var index = String.valueOf(list.size());
      var built = build((NodeEvent) event, path.child(index, false));
      list.add(built.node());
      places.add(built.place());
      size += built.size();
      height = Math.max(height, built.height() + 1);
      longest = Math.max(longest, built.path() + 1 + index.length());
      length += built.characters();
    }
    return new Built(list, new Place(null, at, null, places), size, height, longest, length);
  }

  private Built mapping(Path path, Position at) {
    depth(path, at, 0);
    var object = JSON.objectNode();
    var places = new HashMap<String, Place>();
    int size = 1;
    int height = 0;
    int longest = 0;
    long length = 0;
    for (var event = events.next(); event.getEventId() != ID.MappingEnd; event = events.next()) {
      var where = position(event);
      var key = key((NodeEvent) event, path, where);
      if (key == null) {
        build((NodeEvent) events.next(), path.child("", true));
        continue;
      }
      length(path, where, 1 + key.length());
      count(0, key.length(), where);
      var child = path.child(key, sensitive.test(key));
      var first = places.get(key);
      if (first != null) {
        var line = first.key() == null ? at.line() : first.key().line();
        problem(child, where, "the key is here twice; the first is on line " + line);
      }
      var built = build((NodeEvent) events.next(), child);
      if (first == null) {
        object.set(key, built.node());
        places.put(key, built.place().at(where, built.place().value()));
        size += built.size();
        height = Math.max(height, built.height() + 1);
        longest = Math.max(longest, built.path() + 1 + key.length());
        length += key.length() + built.characters();
      }
    }
    return new Built(object, new Place(null, at, places, null), size, height, longest, length);
  }

  /** A key as it is written; null where it is refused. */
  private @Nullable String key(NodeEvent event, Path path, Position at) {
    if (!(event instanceof ScalarEvent scalar)) {
      problem(path, at, "a key must be text");
      if (!(event instanceof AliasEvent)) {
        build(event, path.child("", true));
      }
      return null;
    }
    if (scalar.isPlain() && scalar.getValue().equals("<<")) {
      problem(path, at, "merge keys (<<) are not supported: write the keys out");
      return null;
    }
    if (scalar.isPlain() && scalar.getValue().isEmpty()) {
      problem(path, at, "a key is missing before this colon");
      return null;
    }
    return keepable(scalar.getValue(), path, at) && tag(scalar.getTag(), path, at)
        ? scalar.getValue()
        : null;
  }

  private Built scalar(ScalarEvent scalar, Path path, Position at) {
    var text = scalar.getValue();
    if (!tag(scalar.getTag(), path, at) || !keepable(text, path, at)) {
      return leaf(NullNode.getInstance(), 0, at);
    }
    if (!scalar.isPlain() || scalar.getTag().isPresent()) {
      return leaf(TextNode.valueOf(text), text.length(), at);
    }
    var value = YamlScalar.plain(text);
    if (value == null) {
      problem(
          path,
          at,
          path.hidden()
              ? "this value is read as text or as something else by different readers: write it in quotes"
              : "'%s' is read as text or as something else by different readers: write it in quotes, \"%s\"%s"
                  .formatted(shown(text), shown(text), instead(text)));
      return leaf(NullNode.getInstance(), 0, at);
    }
    return leaf(value, text.length(), at);
  }

  private static String instead(String text) {
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "true", "false" -> ", or in lower case";
      case "null", "~" -> ", or write null";
      default -> ", or as a plain decimal number";
    };
  }

  private static Built leaf(JsonNode node, int characters, Position at) {
    return new Built(node, new Place(null, at, null, null), 1, 0, 0, characters);
  }

  /** Only {@code !!str} and {@code !} mean the same everywhere. */
  private boolean tag(Optional<String> tag, Path path, Position at) {
    if (tag.isEmpty() || tag.get().equals("!") || tag.get().equals(STRING_TAG)) {
      return true;
    }
    problem(
        path,
        at,
        path.hidden()
            ? "a tag here is not supported: remove it, or write the value in quotes"
            : "the tag %s is not supported: remove it".formatted(shown(tag.get())));
    return false;
  }

  /** Escapes in quotes can name characters that neither JSON readers nor databases take. */
  private boolean keepable(String text, Path path, Position at) {
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (point == 0 || (point >= 0xD800 && point <= 0xDFFF)) {
        problem(path, at, "has the character U+%04X, which cannot be stored".formatted(point));
        return false;
      }
      i += Character.charCount(point);
    }
    return true;
  }

  private void count(int more, long length, Position at) {
    values += more;
    characters += length;
    if (values > limits.values()) {
      throw stop("has more than %d values, aliases resolved".formatted(limits.values()), at);
    }
    if (characters > limits.characters()) {
      throw stop(
          "has more than %d characters, aliases resolved: write fewer aliases (*name), or shorter texts"
              .formatted(limits.characters()),
          at);
    }
  }

  private void depth(Path path, Position at, int below) {
    if (path.depth() + below >= limits.depth()) {
      throw stop("is nested deeper than %d levels".formatted(limits.depth()), at);
    }
  }

  private void length(Path path, Position at, int below) {
    if (path.length() + below > limits.path()) {
      throw stop(
          "the keys that lead here have more than %d characters together".formatted(limits.path()),
          at);
    }
  }

  /** A limit ends the reading: what was met before is told too. */
  private YamlException stop(String message, Position at) {
    problems.add(new YamlProblem("/", message, at));
    return new YamlException(problems);
  }

  private void problem(Path path, Position at, String message) {
    if (problems.size() >= limits.problems()) {
      unreported++;
      return;
    }
    var pointer = path.pointer();
    problems.add(new YamlProblem(pointer.isEmpty() ? "/" : pointer, message, at));
  }

  private static String shown(String text) {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
  }
}
