package dev.floe.local.home;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the services of this machine listen.
 *
 * @param platformManager base URL
 * @param jobLauncher base URL
 * @param telemetryGateway base URL
 * @param otlpGrpc where OTLP over gRPC is received
 * @param otlpHttp where OTLP over HTTP is received
 * @param tokenFile file whose first line is the bearer token
 */
public record Endpoints(
    URI platformManager,
    URI jobLauncher,
    URI telemetryGateway,
    URI otlpGrpc,
    URI otlpHttp,
    Path tokenFile) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the file of this home says, if the suite was brought up there. */
  public static Optional<Endpoints> read(FloeHome home) throws IOException {
    var text = PrivateFiles.read(home.endpoints());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var tree = JSON.readTree(text.get());
    var gateway = tree.path("telemetryGateway");
    return Optional.of(
        new Endpoints(
            uri(tree.path("platformManager"), "url"),
            uri(tree.path("jobLauncher"), "url"),
            uri(gateway, "url"),
            uri(gateway, "otlpGrpc"),
            uri(gateway, "otlpHttp"),
            FileNames.path("The endpoints file", tree.path("tokenFile").asText())));
  }

  /** Writes the file of this home. */
  public void write(FloeHome home) throws IOException {
    var tree = JSON.createObjectNode();
    tree.putObject("platformManager").put("url", platformManager.toString());
    tree.putObject("jobLauncher").put("url", jobLauncher.toString());
    tree.putObject("telemetryGateway")
        .put("url", telemetryGateway.toString())
        .put("otlpGrpc", otlpGrpc.toString())
        .put("otlpHttp", otlpHttp.toString());
    tree.put("tokenFile", tokenFile.toString());
    PrivateFiles.write(home.endpoints(), tree.toPrettyString() + "\n");
  }

  private static URI uri(JsonNode node, String field) throws IOException {
    var text = node.path(field).asText();
    if (text.isEmpty()) {
      throw new IOException("the endpoints file lacks " + field);
    }
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IOException("the endpoints file has no URL in " + field, e);
    }
  }
}
