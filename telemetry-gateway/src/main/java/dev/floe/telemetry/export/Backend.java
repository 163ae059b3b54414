package dev.floe.telemetry.export;

import dev.floe.telemetry.wire.Signal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** Speaks OTLP to one backend. */
interface Backend {
  /** What is kept of an answer's body. */
  int MAX_ANSWER = 64 * 1024;

  /**
   * Sends the chunks as one request. Never fails: what went wrong is an answer too.
   *
   * @param timeout until the whole answer is there
   */
  Future<Answer> send(Signal signal, List<Chunk> batch, Duration timeout);

  /** Closes all connections. */
  void close();

  /**
   * @return a batch as the bytes of one request; requests joined end to end are one
   */
  static Buffer join(List<Chunk> batch, int prefix) {
    int size = prefix;
    for (var chunk : batch) {
      size += chunk.bytes().length;
    }
    var joined = Buffer.buffer(size);
    joined.appendBytes(new byte[prefix]);
    for (var chunk : batch) {
      joined.appendBytes(chunk.bytes());
    }
    return joined;
  }
}
