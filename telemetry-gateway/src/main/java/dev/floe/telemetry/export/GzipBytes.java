package dev.floe.telemetry.export;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Compresses a batch as it is written. */
final class GzipBytes {
  private GzipBytes() {}

  /**
   * @param prefix bytes left free before the compressed ones
   */
  static Buffer join(List<Chunk> batch, int prefix) {
    int size = 0;
    for (var chunk : batch) {
      size += chunk.bytes().length;
    }
    var out = new ByteArrayOutputStream(prefix + size / 4 + 64);
    out.writeBytes(new byte[prefix]);
    try (var gzip = new GZIPOutputStream(out, 8192)) {
      for (var chunk : batch) {
        gzip.write(chunk.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(out.toByteArray());
  }
}
