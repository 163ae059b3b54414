package dev.floe.contract.platform;

import java.time.Instant;
import java.util.List;

/**
 * Everything about a platform that its operator asks for, without the value of any secret.
 *
 * @param status as it is now
 * @param currentRelease number of the release whose plan is, or is becoming, what runs; 0 for none
 * @param boundRelease number of the release whose bindings jobs inherit; 0 for none
 * @param domains that may run jobs, by the bound release
 * @param variables names of the environment variables that their jobs inherit
 * @param objects what rollouts applied and what floe may delete, by name
 * @param warnings about the manifest of the newest release
 */
public record PlatformDetails(
    PlatformStatus status,
    int currentRelease,
    int boundRelease,
    List<DomainDetails> domains,
    List<String> variables,
    List<AppliedObjectDetails> objects,
    List<String> warnings) {
  public PlatformDetails {
    domains = List.copyOf(domains);
    variables = List.copyOf(variables);
    objects = List.copyOf(objects);
    warnings = List.copyOf(warnings);
  }

  /** A domain that may run jobs. */
  public record DomainDetails(String name, String namespace) {}

  /**
   * An object that floe applied.
   *
   * @param object {@code Kind.group/namespace/name}
   * @param uid that the API server gave it
   * @param release that applied it last
   */
  public record AppliedObjectDetails(
      String object, String component, String uid, int release, Instant appliedAt) {}
}
