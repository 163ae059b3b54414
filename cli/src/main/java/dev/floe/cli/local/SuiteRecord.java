package dev.floe.cli.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.floe.cli.output.Output;
import dev.floe.local.home.FloeHome;
import dev.floe.local.home.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one start of the suite remembers for the next: its ports, and the part of the caller's
 * environment that its processes have, so that a call from another shell does not restart them.
 *
 * @param ports numbers by name of the port
 * @param environment what was passed on from the caller
 */
record SuiteRecord(Map<String, Integer> ports, Map<String, String> environment) {
  /** Variables that make tools find their way on this machine; none of them is a secret. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "LANG",
          "LC_ALL",
          "TZ",
          "TMPDIR",
          "FLOE_PYTHON",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "REQUESTS_CA_BUNDLE",
          "XDG_CACHE_HOME");

  private static final Set<String> PASSED_ON_PREFIXES = Set.of("PIP_", "UV_");
  private static final Set<String> PROXIES =
      Set.of("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY");

  SuiteRecord {
    ports = Map.copyOf(ports);
    environment = Map.copyOf(environment);
  }

  /** What the home remembers; nothing where it is new or the file is damaged. */
  static SuiteRecord read(FloeHome home) throws IOException {
    var text = PrivateFiles.read(file(home));
    try {
      return text.isEmpty()
          ? new SuiteRecord(Map.of(), Map.of())
          : Output.JSON.readValue(text.get(), SuiteRecord.class);
    } catch (JsonProcessingException e) {
      return new SuiteRecord(Map.of(), Map.of());
    }
  }

  static void write(FloeHome home, Map<Port, Integer> ports, Map<String, String> environment)
      throws IOException {
    var named = new HashMap<String, Integer>();
    ports.forEach((port, number) -> named.put(port.value(), number));
    PrivateFiles.write(
        file(home), Output.JSON.writeValueAsString(new SuiteRecord(named, environment)) + "\n");
  }

  /** The remembered numbers. */
  Map<Port, Integer> known() {
    var known = new EnumMap<Port, Integer>(Port.class);
    for (var port : Port.values()) {
      var number = ports.get(port.value());
      if (number != null) {
        known.put(port, number);
      }
    }
    return known;
  }

  /** The part of an environment that processes of the suite get. */
  static Map<String, String> passedOn(Map<String, String> environment) {
    var passed = new HashMap<String, String>();
    environment.forEach((name, value) -> {
      if (PASSED_ON.contains(name)
          || PROXIES.contains(name)
          || PASSED_ON_PREFIXES.stream().anyMatch(name::startsWith)) {
        passed.put(name, value);
      }
    });
    return passed;
  }

  private static Path file(FloeHome home) {
    return home.root().resolve("suite.json");
  }
}
