package dev.floe.cli;

import dev.floe.cli.output.Progress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is printed when the user ends the command (Ctrl-C, SIGTERM) while something that it asked
 * for continues without it.
 *
 * <p>Printed by a shutdown hook, which exists only while there is something to say. The process
 * ends with the exit code of the signal, 130 for Ctrl-C, whether or not the words can be written.
 */
public final class Interruption {
  private static final Duration WORDS_MAX = Duration.ofMillis(500);

  private final Progress progress;
  private final Deque<Note> notes = new ArrayDeque<>();
  private @Nullable Thread hook;

  private record Note(String goesOn, List<String> next) {}

  /** Something that continues; closed when the command has seen its end. */
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  Interruption(Progress progress) {
    this.progress = progress;
  }

  synchronized Scope goesOn(String sentence, String... next) {
    var note = new Note(sentence, List.of(next));
    if (notes.isEmpty()) {
      hook = new Thread(this::print, "interruption");
      Runtime.getRuntime().addShutdownHook(hook);
    }
    notes.push(note);
    return () -> end(note);
  }

  private synchronized void end(Note note) {
    notes.remove(note);
    if (notes.isEmpty() && hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process is ending, and the hook finds nothing to say
      }
      hook = null;
    }
  }

  private void print() {
    // A reader of standard error that has stopped reading must not keep the process from ending.
    var words = Thread.ofPlatform().daemon().start(() -> progress.last(lines()));
    try {
      var _ = words.join(WORDS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<String> lines() {
    var lines = new ArrayList<String>();
    for (var note : notes) {
      lines.add((lines.isEmpty() ? "Interrupted. " : "") + note.goesOn());
      note.next().forEach(command -> lines.add("→ " + command));
    }
    return lines;
  }
}
