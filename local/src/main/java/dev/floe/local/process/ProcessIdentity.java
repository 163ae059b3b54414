package dev.floe.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that can't be mistaken for a later one with the same number.
 *
 * @param pid its number
 * @param start when it began, as the system counts
 * @param boot the boot of the machine during which it began
 */
record ProcessIdentity(long pid, String start, String boot) {
  private static final Path LINUX_BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Whether exactly this process lives. */
  boolean lives() {
    return pid > 0 && boot.equals(currentBoot()) && startOf(pid).filter(start::equals).isPresent();
  }

  /** The id of the machine's present boot. */
  static String currentBoot() {
    try {
      return Files.isReadable(LINUX_BOOT)
          ? Files.readString(LINUX_BOOT).strip()
          : output("sysctl", "-n", "kern.boottime");
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<String> startOf(long pid) {
    try {
      if (Files.isReadable(LINUX_BOOT)) {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        var over = fields[0].equals("Z") || fields[0].equals("X");
        return over ? Optional.empty() : Optional.of(fields[19]);
      }
      var answer = output("ps", "-o", "lstart=", "-p", Long.toString(pid));
      return answer.isEmpty() ? Optional.empty() : Optional.of(answer);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String output(String... command) throws IOException {
    var process = new ProcessBuilder(command).start();
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      var line = reader.readLine();
      return line == null ? "" : line.strip();
    }
  }
}
