package dev.floe.platform.runtime;

import java.security.SecureRandom;

/** Random values of generated Secrets. */
public final class GeneratedValue {
  /** Letters and digits: safe in URLs, shells and configuration files. */
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private GeneratedValue() {}

  /** A value of this many letters and digits; 32 of them carry 190 bits. */
  public static String of(int length) {
    var random = new SecureRandom();
    var value = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      value.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return value.toString();
  }
}
