package dev.floe.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.floe.test.EmbeddedPostgresResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the executables that {@code native/build.sh --put} laid beside the services and compares
 * them with {@code native/budgets.yaml}. With {@code -Dgolden.write=true} that file is written.
 */
class NativeBudgetsIT {
  private static final List<String> SERVICES =
      List.of("telemetry-gateway", "job-launcher", "platform-manager");
  private static final int STARTS = 7;
  private static final int AGAIN = 3;
  private static final Path FILE = Path.of("../native/budgets.yaml");
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * The content of the file.
   *
   * @param paceMillis what {@link Pace} took on the machine that the budgets were measured on
   */
  private record Budgets(double paceMillis, Map<String, Budget> services) {}

  @TempDir static Path home;

  @Test
  void noServiceGrewByMoreThanATenth() throws IOException {
    var pace = Pace.millis();
    var measured = new LinkedHashMap<String, Budget>();
    for (var service : SERVICES) {
      measured.put(service, measure(service));
    }
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(FILE, YAML.writeValueAsString(new Budgets(pace, measured)));
    }
    var budgets = YAML.readValue(FILE.toFile(), Budgets.class);
    var slower = Math.max(1, pace / budgets.paceMillis);
    var exceeded = new LinkedHashMap<String, List<String>>();
    for (var service : SERVICES) {
      var budget = budgets.services.get(service);
      // what grew is there every time, what a busy machine adds is not
      for (int again = 0; again < AGAIN; again++) {
        if (!budget.exceededBy(measured.get(service), slower).isEmpty()) {
          measured.put(service, measured.get(service).least(measure(service)));
        }
      }
      exceeded.put(service, budget.exceededBy(measured.get(service), slower));
    }
    exceeded.values().removeIf(List::isEmpty);
    Files.writeString(
        Path.of("target", "budgets-measured.yaml"),
        YAML.writeValueAsString(new Budgets(pace, measured)));
    assertThat(exceeded).as("measured: %s", measured).isEmpty();
  }

  private static Budget measure(String service) throws IOException {
    var file = Path.of("..", service, "target", "native", "floe-" + service);
    assertThat(file).as("native/build.sh --put %s", service).isExecutable();
    var environment = new HashMap<String, String>();
    environment.put("FLOE_HOME", home.toString());
    environment.put("FLOE_RUNTIME", "local");
    environment.put("FLOE_TELEMETRY_RECEIVE_GRPC_PORT", Integer.toString(Executable.freePort()));
    environment.put("FLOE_TELEMETRY_RECEIVE_HTTP_PORT", Integer.toString(Executable.freePort()));
    var postgres = new EmbeddedPostgresResource();
    try {
      postgres.start().forEach((key, value) -> environment.put(variable(key), value));
      return new Executable(file, environment, Path.of("target", service + ".log")).measure(STARTS);
    } finally {
      postgres.stop();
    }
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }
}
