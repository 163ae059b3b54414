package dev.floe.launcher.verdict;

import java.util.List;

/** Numbers and names of Linux's signals, as {@code signal(7)} lists them. */
final class Signals {
  private static final int LAST = 64;
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /** Whether there is a signal of this number: 1 to 64. */
  static boolean exists(int signal) {
    return signal >= 1 && signal <= LAST;
  }

  /** The number, with its name where it has one: {@code 15 (SIGTERM)}. */
  static String name(int signal) {
    return signal >= 1 && signal <= NAMES.size()
        ? "%d (SIG%s)".formatted(signal, NAMES.get(signal - 1))
        : Integer.toString(signal);
  }
}
