package dev.floe.repository;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

/** A service's native executable, started for measuring. */
final class Executable {
  private static final double MEBIBYTE = 1 << 20;
  private static final int REQUESTS = 200;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Map<String, String> environment;
  private final Path log;

  Executable(Path file, Map<String, String> environment, Path log) {
    this.file = file;
    this.environment = environment;
    this.log = log;
  }

  /** Measures everything; the start is the shortest of {@code starts}, after one that migrates. */
  Budget measure(int starts) throws IOException {
    var start = Double.MAX_VALUE;
    var resident = Double.MAX_VALUE;
    var anonymous = Double.MAX_VALUE;
    run();
    for (var i = 0; i < starts; i++) {
      var run = run();
      start = Math.min(start, run.startMillis);
      resident = Math.min(resident, run.residentMebibytes);
      anonymous = Math.min(anonymous, run.anonymousMebibytes);
    }
    return new Budget(
        Math.ceil(start),
        rounded(resident),
        rounded(anonymous),
        rounded(Files.size(file) / MEBIBYTE),
        rounded(compressedBytes() / MEBIBYTE));
  }

  private record Run(double startMillis, double residentMebibytes, double anonymousMebibytes) {}

  private Run run() throws IOException {
    var port = freePort();
    var builder =
        new ProcessBuilder(file.toString(), "-Dquarkus.http.port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(QUARKUS|FLOE|OTEL)_.*"));
    builder.environment().putAll(environment);
    try (var client = HttpClient.newHttpClient()) {
      var ready =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
              .timeout(Duration.ofSeconds(10))
              .build();
      var begin = System.nanoTime();
      var process = builder.start();
      try {
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .atMost(Duration.ofSeconds(60))
            .failFast(
                file + " ended", () -> assertThat(process.isAlive()).as(() -> read(log)).isTrue())
            .until(() -> answers(client, ready));
        var startMillis = (System.nanoTime() - begin) / 1e6;
        for (var i = 0; i < REQUESTS; i++) {
          answers(client, ready);
        }
        var status = Path.of("/proc", Long.toString(process.pid()), "status");
        return new Run(startMillis, mebibytes(status, "VmRSS"), mebibytes(status, "RssAnon"));
      } finally {
        end(process);
      }
    }
  }

  private static boolean answers(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(20, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private long compressedBytes() throws IOException {
    var written = new long[1];
    var counter =
        new OutputStream() {
          @Override
          public void write(int b) {
            written[0]++;
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            written[0] += length;
          }
        };
    try (var gzip = new GZIPOutputStream(counter, 1 << 16)) {
      Files.copy(file, gzip);
    }
    return written[0];
  }

  private static double mebibytes(Path status, String field) throws IOException {
    for (var line : Files.readAllLines(status)) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException(status + " has no " + field);
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  /** A port of the loopback interface that nobody listens on, and that was not given before. */
  static int freePort() throws IOException {
    while (true) {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      }
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
