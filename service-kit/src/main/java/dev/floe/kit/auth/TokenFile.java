package dev.floe.kit.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Bearer tokens in a file, read again when the file changes, looked at once a second at most. */
public final class TokenFile {
  /** Shortest token that is taken, in characters. */
  public static final int MIN_LENGTH = 16;

  private static final Logger LOG = Logger.getLogger(TokenFile.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path file;
  private volatile Known known;

  private record Known(List<byte[]> digests, String first, FileTime modified, long lookedAt) {}

  private TokenFile(Path file, Known known) {
    this.file = file;
    this.known = known;
  }

  /**
   * Reads the file.
   *
   * @throws IllegalStateException when it cannot be read or holds no token that is long enough; the
   *     message says what to do and never holds a token
   */
  public static TokenFile read(Path file) {
    return new TokenFile(file, load(file));
  }

  /** Whether the token is one of the file's, compared in constant time. */
  public boolean accepts(String token) {
    var digest = sha256(token);
    boolean found = false;
    for (var one : current().digests()) {
      found |= MessageDigest.isEqual(one, digest);
    }
    return found;
  }

  /** The token that this service itself sends. */
  public String first() {
    return current().first();
  }

  private Known current() {
    var now = known;
    if (System.nanoTime() - now.lookedAt() < LOOK_NANOS) {
      return now;
    }
    synchronized (this) {
      try {
        var modified = Files.getLastModifiedTime(file);
        known =
            modified.equals(now.modified())
                ? new Known(now.digests(), now.first(), modified, System.nanoTime())
                : load(file);
      } catch (IOException | IllegalStateException e) {
        LOG.warnf("Keeping the tokens read before: %s", e.getMessage());
        known = new Known(now.digests(), now.first(), now.modified(), System.nanoTime());
      }
      return known;
    }
  }

  private static Known load(Path file) {
    try {
      var modified = Files.getLastModifiedTime(file);
      var tokens =
          Files.readString(file)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      if (tokens.isEmpty() || tokens.stream().anyMatch(token -> token.length() < MIN_LENGTH)) {
        throw new IllegalStateException(
            "%s must hold one token on each line, at least %d characters long"
                .formatted(file, MIN_LENGTH));
      }
      return new Known(
          tokens.stream().map(TokenFile::sha256).toList(),
          tokens.getFirst(),
          modified,
          System.nanoTime());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the token file " + file, e);
    }
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
