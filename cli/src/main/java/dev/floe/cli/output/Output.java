package dev.floe.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.floe.cli.ExitCode;
import dev.floe.yaml.YamlWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;

/**
 * Prints results on standard output, in the format that was asked for.
 *
 * <p>What can't be written is an error: whatever is flushed here throws {@link OutputLost} then.
 */
public final class Output {
  /** Reads and writes the contract's records; what a newer service adds is passed over. */
  public static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final StandardOutput standard;
  private final PrintWriter out;
  private final OutputFormat format;
  private final Terminal terminal;

  public Output(StandardOutput standard, OutputFormat format, Terminal terminal) {
    this.standard = standard;
    this.out = standard.writer();
    this.format = format;
    this.terminal = terminal;
  }

  public OutputFormat format() {
    return format;
  }

  public Terminal terminal() {
    return terminal;
  }

  /** Prints a list: a table, the whole as JSON or YAML, or one name a line. */
  public <T> void list(List<T> items, Function<T, String> name, Function<List<T>, Table> table) {
    switch (format) {
      case NAME -> items.forEach(item -> line(name.apply(item)));
      case TABLE -> table.apply(items).lines(terminal).forEach(this::line);
      case JSON, YAML -> value(items);
    }
    flush();
  }

  /** Prints one thing: words for eyes, the whole as JSON or YAML, or its name. */
  public <T> void one(T item, Function<T, String> name, Function<T, List<String>> words) {
    switch (format) {
      case NAME -> line(name.apply(item));
      case TABLE -> words.apply(item).forEach(this::line);
      case JSON, YAML -> value(item);
    }
    flush();
  }

  /** One event of many: a line for eyes, a JSON object a line or a YAML document each otherwise. */
  public <T> void event(T item, Function<T, String> name, Function<T, String> words) {
    try {
      switch (format) {
        case NAME -> line(name.apply(item));
        case TABLE -> line(terminal.states(words.apply(item)));
        case JSON -> line(JSON.writeValueAsString(item));
        case YAML -> text("---\n" + yaml(item));
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    flush();
  }

  /** A line of text, as it is. */
  public void line(String text) {
    out.println(text);
  }

  /** Text that brings its own ends of lines. */
  public void text(String text) {
    out.print(text);
  }

  /**
   * What others wrote, byte for byte and at once.
   *
   * @param bytes of which the first {@code length} are printed
   * @throws OutputLost they can't be written
   */
  public void bytes(byte[] bytes, int length) {
    flush();
    standard.write(bytes, length);
  }

  /**
   * Hands over everything that was printed.
   *
   * @throws OutputLost it can't be written
   */
  public void flush() {
    if (out.checkError()) {
      throw standard.lost();
    }
  }

  /**
   * Has this process end when the reader of its output does, as {@code head} after its lines: for
   * commands that continue printing until something elsewhere ends.
   */
  public void endWithReader() {
    standard.endWithReader(ExitCode.READER_GONE.number());
  }

  /** YAML that loads to the same values as the JSON. */
  public static String yaml(Object value) {
    return YamlWriter.write(JSON.valueToTree(value));
  }

  private void value(Object value) {
    try {
      if (format == OutputFormat.YAML) {
        text(yaml(value));
      } else {
        line(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value));
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
