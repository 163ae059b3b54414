package dev.floe.cli.context;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import dev.floe.local.home.Failures;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import dev.floe.yaml.YamlException;
import dev.floe.yaml.YamlLimits;
import dev.floe.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The known contexts and which is in use, kept in {@code contexts.yaml}; the context {@code local}
 * is always among them.
 */
public record Contexts(String current, List<Context> contexts) {
  public Contexts {
    contexts = List.copyOf(contexts);
  }

  /** The contexts of this home. */
  public static Contexts read(FloeHome home) {
    try {
      var text = PrivateFiles.read(file(home));
      return text.isEmpty()
          ? new Contexts(Context.LOCAL, List.of())
          : Output.JSON.treeToValue(
              YamlReader.of(YamlLimits.USUAL).read(text.get()).root(), Contexts.class);
    } catch (YamlException e) {
      var at = e.problems().getFirst().position();
      throw unreadable(home, (at == null ? "" : "line " + at.line() + ": ") + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      throw unreadable(home, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CommandFailure(
              ExitCode.FAILED,
              "%s can't be read: %s.".formatted(file(home), Failures.words(e)),
              "make it a file that you may read, or set FLOE_HOME to another folder")
          .because(e);
    }
  }

  private static CommandFailure unreadable(FloeHome home, String why, Exception cause) {
    return new CommandFailure(
            ExitCode.USAGE,
            file(home) + " can't be read: " + why + ".",
            "correct the file, or remove it and set the contexts again: floe context set NAME …")
        .because(cause);
  }

  public void write(FloeHome home) throws IOException {
    PrivateFiles.write(file(home), Output.yaml(this));
  }

  /** All contexts, {@code local} first. */
  public List<Context> all() {
    return Stream.concat(Stream.of(new Context.Local(Context.LOCAL)), contexts.stream()).toList();
  }

  public Context find(String name) {
    return all().stream()
        .filter(context -> context.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.NOT_FOUND,
                "There is no context '%s'.".formatted(name),
                "floe context list"));
  }

  /** The same with this context added or replaced. */
  public Contexts with(Context context) {
    var others = new ArrayList<>(contexts);
    others.removeIf(other -> other.name().equals(context.name()));
    others.add(context);
    return new Contexts(current, others);
  }

  /** The same without this context; where it was in use, {@code local} is. */
  public Contexts without(String name) {
    var found = find(name);
    var others = new ArrayList<>(contexts);
    others.remove(found);
    return new Contexts(current.equals(name) ? Context.LOCAL : current, others);
  }

  /** The same with another context in use. */
  public Contexts using(String name) {
    return new Contexts(find(name).name(), contexts);
  }

  static Path file(FloeHome home) {
    return home.root().resolve("contexts.yaml");
  }
}
