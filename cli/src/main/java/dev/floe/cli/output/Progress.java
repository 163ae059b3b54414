package dev.floe.cli.output;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells on standard error what is continuing: one line for each finished step, and where somebody
 * watches a moving line for what is under way.
 */
public final class Progress implements AutoCloseable {
  private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
  private static final int LINE_MAX = 100;

  private final PrintWriter err;
  private final Terminal terminal;
  private final boolean quiet;
  private final Set<Step> open = new LinkedHashSet<>();
  private @Nullable ScheduledExecutorService ticker;
  private int frame;

  public Progress(PrintWriter err, Terminal terminal, boolean quiet) {
    this.err = err;
    this.terminal = terminal;
    this.quiet = quiet;
  }

  /** Begins a step, for example {@code starting job-launcher}. */
  public synchronized Step step(String text) {
    var step = new Step(text);
    open.add(step);
    if (!quiet) {
      if (terminal.live()) {
        startTicker();
        draw();
      } else {
        err.println("  " + text + " …");
        err.flush();
      }
    }
    return step;
  }

  /** Says something that took no time. */
  public synchronized void say(String text) {
    if (!quiet) {
      clear();
      err.println(text);
      draw();
      err.flush();
    }
  }

  /** Says something that must be heard, also with {@code -q}. */
  public synchronized void warn(String text) {
    clear();
    err.println(terminal.bad("! ") + text);
    draw();
    err.flush();
  }

  /** Says the last words of a command that is interrupted, also with {@code -q}. */
  public synchronized void last(List<String> lines) {
    close();
    if (!lines.isEmpty() && terminal.live()) {
      err.println(); // after the ^C that the terminal shows
    }
    lines.forEach(err::println);
    err.flush();
  }

  /** Ends what is still open, without a word. */
  @Override
  public synchronized void close() {
    clear();
    open.clear();
    if (ticker != null) {
      ticker.shutdownNow();
      ticker = null;
    }
    err.flush();
  }

  /** Something under way. */
  public final class Step {
    private final long began = System.nanoTime();
    private volatile String text;

    private Step(String text) {
      this.text = text;
    }

    /** Says more about the step; shown where somebody watches. */
    public void now(String more) {
      text = more;
    }

    /** The step worked. */
    public void done(String words) {
      end(terminal.good("✓ "), words);
    }

    /** The step did not work; the error itself is told elsewhere. */
    public void failed(String words) {
      end(terminal.bad("✗ "), words);
    }

    private void end(String mark, String words) {
      synchronized (Progress.this) {
        if (!open.remove(this)) {
          return;
        }
        say(mark + words + terminal.dim(" (" + seconds() + ")"));
      }
    }

    private String seconds() {
      return Progress.seconds(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  /** A length of time for eyes: {@code 0.4 s}, {@code 1 m 12 s}. */
  public static String seconds(Duration duration) {
    if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
    return duration.toHours() > 0
        ? "%d h %d m".formatted(duration.toHours(), duration.toMinutesPart())
        : "%d m %d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }

  private void startTicker() {
    if (ticker == null) {
      ticker =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("progress").factory());
      var _ = ticker.scheduleAtFixedRate(this::tick, 120, 120, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void tick() {
    frame++;
    draw();
    err.flush();
  }

  private void clear() {
    if (terminal.live() && !quiet) {
      err.print("\r\u001b[K");
    }
  }

  private void draw() {
    if (!terminal.live() || quiet || open.isEmpty()) {
      return;
    }
    var line =
        open.stream()
            .map(step -> step.text + " " + step.seconds())
            .collect(Collectors.joining(" · "));
    clear();
    err.print(
        FRAMES.charAt(frame % FRAMES.length())
            + " "
            + (line.length() > LINE_MAX ? line.substring(0, LINE_MAX - 1) + "…" : line));
    err.flush();
  }
}
