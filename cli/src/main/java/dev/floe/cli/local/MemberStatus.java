package dev.floe.cli.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.floe.local.process.ProcessStatus;
import dev.floe.local.process.ProcessStatus.Ended;
import dev.floe.local.process.ProcessStatus.Lost;
import dev.floe.local.process.ProcessStatus.NotStarted;
import dev.floe.local.process.ProcessStatus.Running;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one process of the suite stands.
 *
 * @param state ready, starting, stopped, ended or lost
 * @param message how it ended, where it did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MemberStatus(
    String name,
    String state,
    boolean ready,
    @Nullable Integer port,
    @Nullable Long pid,
    int restarts,
    @Nullable Instant since,
    @Nullable String message) {

  static MemberStatus of(
      Member member, ProcessStatus process, boolean ready, @Nullable Integer port) {
    return switch (process) {
      case Running running ->
          new MemberStatus(
              member.value(),
              ready ? "ready" : "starting",
              ready,
              port,
              running.pid() > 0 ? running.pid() : null,
              running.restarts(),
              running.since(),
              running.lastEnding().map(ending -> ending.message()).orElse(null));
      case NotStarted none -> stopped(member, "stopped", null);
      case Ended ended -> stopped(member, "stopped", ended.ending().message());
      case Lost lost -> stopped(member, "lost", lost.reason());
    };
  }

  private static MemberStatus stopped(Member member, String state, @Nullable String message) {
    return new MemberStatus(member.value(), state, false, null, null, 0, null, message);
  }
}
