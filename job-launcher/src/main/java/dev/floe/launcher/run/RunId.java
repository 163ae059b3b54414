package dev.floe.launcher.run;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/** Ids of runs: 48 bits of milliseconds and 80 random bits in Crockford's base 32, lower case. */
public final class RunId {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final Pattern FORM = Pattern.compile("[0-7][0-9a-hjkmnp-tv-z]{25}");

  private RunId() {}

  /** A new id; ids of later milliseconds are greater. */
  public static String at(long epochMillis) {
    var id = new char[26];
    long time = epochMillis;
    for (int i = 9; i >= 0; i--) {
      id[i] = DIGITS.charAt((int) (time & 31));
      time >>>= 5;
    }
    var random = new byte[16];
    new SecureRandom().nextBytes(random);
    for (int i = 0; i < 16; i++) {
      id[10 + i] = DIGITS.charAt(random[i] & 31);
    }
    return new String(id);
  }

  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }
}
