package dev.floe.contract.telemetry;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where telemetry is: in each flow {@code accepted = exported + queued + rejected + dropped}, at
 * every moment. Items are spans, data points and log records.
 *
 * @param since when counting began: the start of this process
 * @param queue whether what is queued outlives the process
 * @param notices what an operator should know, in words; empty when all is well
 * @param receivers where OTLP is taken
 * @param destinations where it goes
 * @param flows per signal, sender and destination
 * @param drops why items were dropped
 * @param refusals requests that were never accepted, by reason
 * @param senders how senders are told apart
 */
public record TelemetryStatus(
    Instant since,
    Queue queue,
    List<String> notices,
    List<Receiver> receivers,
    List<Destination> destinations,
    List<Flow> flows,
    List<Drop> drops,
    List<Refusal> refusals,
    Senders senders) {

  /** Name of the flow of what is accepted while no destination wants the signal. */
  public static final String NO_DESTINATION = "none";

  /** How the queues keep what they hold. */
  public enum Queue {
    /** In memory: lost when the process is killed, drained when it is stopped. */
    MEMORY
  }

  /**
   * A door for OTLP.
   *
   * @param protocol {@code grpc} or {@code http/protobuf}
   * @param address host and port it listens on
   */
  public record Receiver(String protocol, String address) {}

  /**
   * A backend.
   *
   * @param required whether senders are asked to come back later while its queue is full; items for
   *     others are dropped and counted
   * @param state whether the last request was answered well
   * @param queuedBytes what waits, requests under way included
   * @param lastError what went wrong last, null when nothing did
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Destination(
      String name,
      String endpoint,
      String protocol,
      List<String> signals,
      boolean required,
      State state,
      long queuedBytes,
      long queueBytes,
      @Nullable Instant lastExportedAt,
      @Nullable Instant lastErrorAt,
      @Nullable String lastError) {

    /** How a destination does. */
    public enum State {
      /** Nothing was sent yet. */
      IDLE,
      /** The last request was answered well. */
      OK,
      /** The last request has to be sent again. */
      RETRYING,
      /** The last request was refused for good. */
      REFUSING
    }
  }

  /** What came from one sender, of one signal, for one destination. */
  public record Flow(
      String signal,
      String sender,
      String destination,
      long accepted,
      long exported,
      long queued,
      long rejected,
      long dropped) {}

  /**
   * Items dropped for one reason.
   *
   * @param reason {@code queue-full}, {@code gave-up}, {@code shutdown}, {@code internal} or {@code
   *     no-destination}
   */
  public record Drop(String destination, String signal, String reason, long items) {}

  /**
   * Requests refused for one reason; their senders were told.
   *
   * @param reason {@code unauthenticated}, {@code malformed}, {@code too-large}, {@code
   *     unsupported}, {@code full}, {@code timed-out}, {@code stopping} or {@code internal}
   * @param items known where a request could be read: items too large to be passed on
   */
  public record Refusal(String reason, long requests, long items) {}

  /**
   * How senders are told apart.
   *
   * @param runtime {@code local}: by what they say of themselves; {@code kubernetes}: by their pods
   * @param synced whether the pods are known and their watch is connected; true where there are
   *     none to know
   * @param pods pods known, those deleted lately included
   * @param conflicts resources that named another pod than the one known at their address; where an
   *     attempt has that address, they are named after nobody
   */
  public record Senders(String runtime, boolean synced, int pods, long conflicts) {}
}
