package dev.floe.local.home;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A file whose first line is a secret that floe made up itself. */
public final class TokenFile {
  private TokenFile() {}

  /** The file's token; made up and written (0600) where there is none. */
  public static String readOrCreate(Path file) throws IOException {
    PrivateFiles.writeOnce(file, generate() + "\n");
    return PrivateFiles.read(file).orElseThrow().lines().findFirst().orElseThrow();
  }

  /** 256 random bits, in letters that need no quoting anywhere. */
  public static String generate() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
