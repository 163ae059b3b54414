package dev.floe.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.output.Output;
import dev.floe.cli.output.Table;
import dev.floe.cli.rest.Query;
import dev.floe.cli.rest.ServiceName;
import dev.floe.contract.platform.Bindings;
import dev.floe.local.command.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A look into the product's mart, with the same binding and the same Python as the jobs have. */
final class Mart {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String NAME = "weather.monthly_climate";
  private static final String PATH = "FLOE_WAREHOUSE_PATH";
  private static final String READ =
      """
      import json, os, duckdb
      with duckdb.connect(os.environ["%s"], read_only=True) as warehouse:
          found = warehouse.execute("select * from %s order by 1 desc limit 3")
          columns = [column[0] for column in found.description]
          rows = [[str(value) for value in row] for row in found.fetchall()]
      print(json.dumps({"columns": columns, "rows": rows}))
      """
          .formatted(PATH, NAME);

  private Mart() {}

  /** What was read. */
  record Rows(List<String> columns, List<List<String>> rows) {
    Table table() {
      var table = new Table(columns.toArray(String[]::new));
      rows.forEach(row -> table.row(row.toArray()));
      return table;
    }
  }

  /** Its newest rows. */
  static Rows read(Session session, Path python) throws IOException {
    var bindings =
        session
            .client(ServiceName.PLATFORM_MANAGER)
            .get(
                Query.of("platforms", WeatherExample.PLATFORM, "bindings")
                    .with("domain", WeatherExample.DOMAIN),
                Bindings.class);
    var words = List.of(python.toString(), "-I", "-c", READ);
    var answer = Command.of(words).withEnvironment(Map.of(PATH, warehouse(bindings))).run(LIMIT);
    if (answer.exitCode() != 0) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "The mart %s can't be read.".formatted(NAME),
          new ArrayList<>(answer.lastLines(5).lines().toList()),
          List.of());
    }
    try {
      return Output.JSON.readValue(answer.output(), Rows.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(answer.output(), e);
    }
  }

  private static String warehouse(Bindings bindings) {
    return bindings.bindings().stream()
        .flatMap(binding -> binding.env().stream())
        .filter(variable -> variable.name().equals(PATH) && variable.value() != null)
        .map(Bindings.EnvVar::value)
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.FAILED,
                "The platform binds no warehouse to domain %s.".formatted(WeatherExample.DOMAIN),
                "floe platform status " + WeatherExample.PLATFORM));
  }
}
