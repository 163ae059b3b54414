package dev.floe.cli.local;

import dev.floe.cli.rest.ServiceName;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A process of the suite on this machine, in the order in which they are started. */
enum Member {
  POSTGRESQL("postgresql", null),
  TELEMETRY_GATEWAY("telemetry-gateway", ServiceName.TELEMETRY_GATEWAY),
  PLATFORM_MANAGER("platform-manager", ServiceName.PLATFORM_MANAGER),
  JOB_LAUNCHER("job-launcher", ServiceName.JOB_LAUNCHER);

  private final String value;
  private final @Nullable ServiceName service;

  Member(String value, @Nullable ServiceName service) {
    this.value = value;
    this.service = service;
  }

  /** The name of its folder, and how people call it. */
  String value() {
    return value;
  }

  /** Which service it is; the database is none. */
  Optional<ServiceName> service() {
    return Optional.ofNullable(service);
  }

  static Optional<Member> of(String value) {
    return Arrays.stream(values()).filter(member -> member.value.equals(value)).findFirst();
  }

  @Override
  public String toString() {
    return value;
  }
}
