package dev.floe.cli.platform;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A component's log without the empty lines that only keep the connection open. Every line of a
 * workload begins with the workload's name, so none of them is empty.
 */
final class WithoutHeartbeats extends FilterInputStream {
  private int last = '\n';

  WithoutHeartbeats(InputStream log) {
    super(log);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (true) {
      int read = in.read(target, offset, length);
      if (read <= 0) {
        return read;
      }
      int kept = 0;
      for (int i = offset; i < offset + read; i++) {
        if (target[i] != '\n' || last != '\n') {
          target[offset + kept++] = target[i];
        }
        last = target[i];
      }
      if (kept > 0) {
        return kept;
      }
    }
  }
}
