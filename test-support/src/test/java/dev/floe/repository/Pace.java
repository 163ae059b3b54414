package dev.floe.repository;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How fast this machine is: a fixed piece of work, the shortest of many times. */
final class Pace {
  private static final int ROUNDS = 30;

  private Pace() {}

  /** Milliseconds for the SHA-256 of 8 MiB. */
  static double millis() {
    var bytes = new byte[8 << 20];
    var shortest = Long.MAX_VALUE;
    for (var round = 0; round < ROUNDS; round++) {
      var start = System.nanoTime();
      digest(bytes);
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return shortest / 1e6;
  }

  private static void digest(byte[] bytes) {
    try {
      bytes[0] = MessageDigest.getInstance("SHA-256").digest(bytes)[0];
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
