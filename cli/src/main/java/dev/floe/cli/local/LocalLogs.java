package dev.floe.cli.local;

import dev.floe.cli.CommandFailure;
import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.rest.TextStream;
import dev.floe.local.process.ProcessLog;
import dev.floe.local.process.Supervisor;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code floe local logs}. */
@Command(name = "logs", description = "Print what a service or the database wrote.")
final class LocalLogs extends Verb {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
  private static final int PART = 1 << 20;

  @Parameters(
      paramLabel = "SERVICE",
      arity = "0..1",
      description = "platform-manager, job-launcher, telemetry-gateway or postgresql; all without.")
  @Nullable String service;

  @Option(
      names = {"-f", "--follow"},
      description = "Continue printing.")
  boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "LINES",
      description = "Only the last lines; 200 unless told.")
  int tail = 200;

  @Override
  protected ExitCode run(Session session) throws IOException {
    if (service == null) {
      if (follow) {
        throw usage("-f follows one service; name it.");
      }
      for (var member : Member.values()) {
        session.output().line(session.output().terminal().bold("== " + member));
        print(session, log(session, member), 0);
      }
      return ExitCode.DONE;
    }
    var member =
        Member.of(service)
            .orElseThrow(() ->
                usage(
                    "'%s' is none of %s."
                        .formatted(
                            service,
                            Arrays.stream(Member.values())
                                .map(Member::value)
                                .collect(Collectors.joining(", ")))));
    var log = log(session, member);
    if (log.size() == 0 && !Supervisor.at(session.home()).exists(session.home().service(service))) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, member + " was never started here.", "floe local up");
    }
    var offset = print(session, log, log.offsetOfTail(tail));
    var until = session.deadline();
    if (follow) {
      session.output().endWithReader();
    }
    while (follow) {
      TextStream.pause(BETWEEN_LOOKS, until);
      offset = print(session, log, offset);
    }
    return ExitCode.DONE;
  }

  private static ProcessLog log(Session session, Member member) {
    return Supervisor.at(session.home()).open(session.home().service(member.value())).log();
  }

  private long print(Session session, ProcessLog log, long from) throws IOException {
    var offset = from == 0 && !follow ? log.offsetOfTail(tail) : from;
    while (true) {
      var part = log.read(offset, PART);
      if (part.bytes().length == 0) {
        session.output().flush();
        return part.next();
      }
      session.output().bytes(part.bytes(), part.bytes().length);
      offset = part.next();
    }
  }
}
