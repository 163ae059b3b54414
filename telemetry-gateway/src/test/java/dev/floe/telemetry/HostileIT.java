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
  /** The resident memory of the process, its garbage included. */
  @Override
  long memory() {
    var children = ProcessHandle.current().children().toList();
    assertThat(children).as("the packaged application").hasSize(1);
    try (var lines = Files.lines(Path.of("/proc/" + children.getFirst().pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
