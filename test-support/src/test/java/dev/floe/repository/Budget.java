package dev.floe.repository;

import java.util.ArrayList;
import java.util.List;

/**
 * What one executable costs.
 *
 * @param startMillis from the start of the process until it is ready, on a migrated schema
 * @param residentMebibytes resident memory when idle
 * @param anonymousMebibytes the part of it that is not the executable's own pages
 * @param sizeMebibytes the executable
 * @param compressedMebibytes the executable compressed as an image layer is (gzip's default); its
 *     image adds 1 MiB
 */
record Budget(
    double startMillis,
    double residentMebibytes,
    double anonymousMebibytes,
    double sizeMebibytes,
    double compressedMebibytes) {
  private static final double GROWTH = 1.10;

  /**
   * Says what grew by more than a tenth.
   *
   * @param pace how much slower this machine is than the one that the budget was measured on, at
   *     least 1
   */
  List<String> exceededBy(Budget measured, double pace) {
    var exceeded = new ArrayList<String>();
    compare(exceeded, "startMillis", startMillis * pace, measured.startMillis);
    compare(exceeded, "residentMebibytes", residentMebibytes, measured.residentMebibytes);
    compare(exceeded, "anonymousMebibytes", anonymousMebibytes, measured.anonymousMebibytes);
    compare(exceeded, "sizeMebibytes", sizeMebibytes, measured.sizeMebibytes);
    compare(exceeded, "compressedMebibytes", compressedMebibytes, measured.compressedMebibytes);
    return exceeded;
  }

  /** The least of both, figure by figure. */
  Budget least(Budget other) {
    return new Budget(
        Math.min(startMillis, other.startMillis),
        Math.min(residentMebibytes, other.residentMebibytes),
        Math.min(anonymousMebibytes, other.anonymousMebibytes),
        Math.min(sizeMebibytes, other.sizeMebibytes),
        Math.min(compressedMebibytes, other.compressedMebibytes));
  }

  private static void compare(List<String> exceeded, String name, double budget, double measured) {
    if (measured > budget * GROWTH) {
      exceeded.add("%s is %.1f, budget %.1f".formatted(name, measured, budget));
    }
  }
}
