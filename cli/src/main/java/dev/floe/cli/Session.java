package dev.floe.cli;

import dev.floe.cli.context.Connection;
import dev.floe.cli.output.Output;
import dev.floe.cli.output.Progress;
import dev.floe.cli.rest.RestClient;
import dev.floe.cli.rest.ServiceName;
import dev.floe.local.home.FloeHome;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one call of the command works with: where to print, and the way to the services. */
public final class Session implements AutoCloseable {
  private final Surroundings surroundings;
  private final Output output;
  private final Progress progress;
  private final Consumer<String> trace;
  private final @Nullable Deadline deadline;
  private final boolean verbose;
  private final Supplier<Connection> connect;
  private final Interruption interruption;
  private final Map<ServiceName, RestClient> clients = new EnumMap<>(ServiceName.class);
  private @Nullable Connection connection;

  Session(
      Surroundings surroundings,
      Output output,
      Progress progress,
      @Nullable Duration timeout,
      boolean verbose,
      @Nullable String context) {
    this.surroundings = surroundings;
    this.output = output;
    this.progress = progress;
    this.interruption = new Interruption(progress);
    this.deadline = timeout == null ? null : Deadline.in(timeout);
    this.verbose = verbose;
    this.trace = verbose ? progress::say : line -> {};
    this.connect = () -> Connection.open(surroundings, context, deadline);
  }

  public Output output() {
    return output;
  }

  public Progress progress() {
    return progress;
  }

  public Map<String, String> environment() {
    return surroundings.environment();
  }

  public FloeHome home() {
    return surroundings.home();
  }

  public InputStream stdin() {
    return surroundings.stdin();
  }

  /** The source tree this command was started from, where it was. */
  public Optional<Path> checkout() {
    return surroundings.checkout();
  }

  public boolean verbose() {
    return verbose;
  }

  /** When to give up, as the user set it; {@code null}: never. */
  public @Nullable Instant deadline() {
    return deadline == null ? null : deadline.end();
  }

  /** When to give up, with a limit of our own, from now on, where the user set none. */
  public Instant deadline(Duration otherwise) {
    return deadline == null ? Instant.now().plus(otherwise) : deadline.end();
  }

  /** The failure of a wait that the user's limit, or one of our own, ended. */
  public CommandFailure timedOut(String what, String... next) {
    return new CommandFailure(
        ExitCode.TIMEOUT,
        deadline == null
            ? "Timed out waiting for %s.".formatted(what)
            : "Timed out after %s waiting for %s."
                .formatted(Progress.seconds(deadline.limit()), what),
        next);
  }

  /**
   * Something continues also where the command is interrupted now.
   *
   * @param sentence what continues, for example {@code Run 01j… continues.}
   * @param next how to follow it; commands to type
   * @return to be closed when the command has seen its end
   */
  public Interruption.Scope goesOn(String sentence, String... next) {
    return interruption.goesOn(sentence, next);
  }

  /** The API of a service, in the context in use. */
  public synchronized RestClient client(ServiceName service) {
    return clients.computeIfAbsent(
        service, name -> new RestClient(connection().address(name), trace, deadline));
  }

  /** The way to the services, opened at its first use. */
  public synchronized Connection connection() {
    if (connection == null) {
      connection = connect.get();
    }
    return connection;
  }

  /** Forgets addresses, because the services have just been started. */
  public synchronized void reconnect() {
    clients.clear();
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  @Override
  public void close() {
    reconnect();
    progress.close();
    output.flush();
  }
}
