package dev.floe.platform.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.kit.idempotency.PayloadHash;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A Job of a component. It runs once for what it is: a hash of its spec and of the ConfigMaps it
 * reads ends its name, so a Job that is changed is another Job. Pure.
 */
public final class RunOnceJob {
  private static final int HASH = 8;
  private static final Pattern SUFFIX = Pattern.compile("-[0-9a-f]{%d}$".formatted(HASH));

  private RunOnceJob() {}

  /** Whether an object is a Job. */
  public static boolean is(JsonNode object) {
    return object.path("kind").asText().equals("Job");
  }

  /**
   * Ends the name of a Job with the hash.
   *
   * @param job complete, named as the blueprint names it
   */
  static void name(ObjectNode job) {
    var hash = HexFormat.of().formatHex(PayloadHash.of(job.path("spec"))).substring(0, HASH);
    var metadata = job.withObject("/metadata");
    metadata.put("name", metadata.path("name").asText() + "-" + hash);
  }

  /** What the blueprint calls a Job: the same for all that differ in their hash alone. */
  public static String family(ObjectKey job) {
    return SUFFIX.matcher(job.name()).replaceFirst("");
  }
}
