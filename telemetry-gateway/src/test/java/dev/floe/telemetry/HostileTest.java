package dev.floe.telemetry;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;

@Tag("slow")
@QuarkusTest
@QuarkusTestResource(
    value = GatewayResource.class,
    initArgs = {
      @ResourceArg(name = GatewayResource.DESTINATIONS_ARGUMENT, value = "none"),
      @ResourceArg(name = GatewayResource.LIMITS_ARGUMENT, value = "default")
    },
    restrictToAnnotatedClass = true)
class HostileTest extends HostileScenarios {
  @Override
  long memory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
