package dev.floe.telemetry.receive;

import dev.floe.telemetry.wire.Signal;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where the receivers hand what they received. */
interface RequestSink {
  /**
   * Where a request comes from.
   *
   * @param address of the connection, null for the gateway's own
   * @param executor where work continues that had to wait for something
   */
  record Origin(@Nullable String address, Executor executor) {}

  /**
   * Checks, names and queues a request.
   *
   * @param bytes the request, counted already; not changed, but kept
   * @param reservation counts what it becomes; closed by the caller once the stage is complete
   * @param overdue true once the work takes too long
   * @return what becomes of it
   */
  CompletionStage<Acceptance> accept(
      Signal signal, byte[] bytes, Origin origin, Reservation reservation, BooleanSupplier overdue);

  /** Counts a refusal. */
  Acceptance refuse(Refusal refusal);

  /** Takes requests from now on. */
  void open();

  /** Takes nothing more. */
  void close();
}
