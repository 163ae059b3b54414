package dev.floe.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where results are printed, the standard output of this process: remembers why writing failed,
 * which a {@link PrintWriter} does not, and notices when the reader of a pipe ends.
 */
public final class StandardOutput {
  private static final int DESCRIPTOR = 1;
  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final Remembering stream;
  private final PrintWriter writer;
  private final boolean own;

  /** This process's own. */
  public StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out), true);
  }

  /** Something else in its place, whose reader is not watched. */
  public StandardOutput(OutputStream out) {
    this(out, false);
  }

  private StandardOutput(OutputStream out, boolean own) {
    this.stream = new Remembering(out);
    this.writer = new PrintWriter(stream, false, StandardCharsets.UTF_8);
    this.own = own;
  }

  /** For text; what it holds back stands before what {@link #write} is given once it is flushed. */
  public PrintWriter writer() {
    return writer;
  }

  /**
   * Writes bytes as they are, at once.
   *
   * @throws OutputLost they can't be written
   */
  void write(byte[] bytes, int length) {
    try {
      stream.write(bytes, 0, length);
    } catch (IOException e) {
      throw lost();
    }
  }

  /** What to say of a failure to write. */
  OutputLost lost() {
    var failure = stream.failure;
    var words = failure == null ? "it is closed" : String.valueOf(failure.getMessage());
    var readerGone =
        (own && PipeReaders.isPipe(DESCRIPTOR))
            || words.toLowerCase(Locale.ROOT).contains("broken pipe");
    return new OutputLost("Standard output can't be written: " + words + ".", readerGone);
  }

  /**
   * Has the process end as soon as the reader of its output has, also while there is nothing to
   * print; where the output is not a pipe, or its reader can't be seen, nothing happens.
   *
   * @param exitCode what the process ends with
   */
  void endWithReader(int exitCode) {
    if (!own) {
      return;
    }
    PipeReaders.of(DESCRIPTOR)
        .ifPresent(readers -> {
          var watch = new Thread(() -> endWith(readers, exitCode), "output-reader");
          watch.setDaemon(true);
          watch.start();
        });
  }

  /** Nothing can be told to anybody any more, so the process ends as SIGPIPE would end it. */
  private static void endWith(PipeReaders readers, int exitCode) {
    try {
      while (!readers.areGone()) {
        Thread.sleep(BETWEEN);
      }
      Runtime.getRuntime().halt(exitCode);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Remembering extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    Remembering(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
