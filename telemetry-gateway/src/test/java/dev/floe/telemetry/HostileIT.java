package dev.floe.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("slow")
@QuarkusIntegrationTest
@QuarkusTestResource(
    value = GatewayResource.class,
    initArgs = {
      @ResourceArg(name = GatewayResource.DESTINATIONS_ARGUMENT, value = "none"),
      @ResourceArg(name = GatewayResource.LIMITS_ARGUMENT, value = "default")
    },
    restrictToAnnotatedClass = true)
class HostileIT extends HostileScenarios {
  /** The heap of a JVM after a collection; the resident memory of an executable. */
  @Override
  long memory() {
    var children = ProcessHandle.current().children().toList();
    assertThat(children).as("the packaged application").hasSize(1);
    var application = children.getFirst();
    try {
      if (!application.info().command().orElseThrow().endsWith("/java")) {
        return residentMemory(application);
      }
      var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      var collection =
          new ProcessBuilder(jcmd, Long.toString(application.pid()), "GC.run")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectErrorStream(true)
              .start();
      assertThat(collection.waitFor()).isZero();
      return (long) GatewayClient.sum("jvm_memory_used_bytes{area=\"heap\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long residentMemory(ProcessHandle process) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    }
  }
}
