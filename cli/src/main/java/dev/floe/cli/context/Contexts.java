package dev.floe.cli.context;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.output.Output;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
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
          : Output.YAML.readValue(text.get(), Contexts.class);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
              ExitCode.USAGE,
              file(home) + " can't be read: " + e.getOriginalMessage() + ".",
              "correct the file, or remove it and set the contexts again: floe context set NAME …")
          .because(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(FloeHome home) throws IOException {
    PrivateFiles.write(file(home), Output.YAML.writeValueAsString(this));
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

  /** The same with another context in use. */
  public Contexts using(String name) {
    return new Contexts(find(name).name(), contexts);
  }

  static Path file(FloeHome home) {
    return home.root().resolve("contexts.yaml");
  }
}
