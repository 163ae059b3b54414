package dev.floe.cli.run;

import dev.floe.cli.ExitCode;
import dev.floe.cli.Session;
import dev.floe.cli.Verb;
import dev.floe.cli.input.RecordShape;
import dev.floe.cli.input.SourceText;
import dev.floe.contract.Names;
import dev.floe.contract.run.Run;
import dev.floe.contract.run.RunRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code floe run submit}. */
@Command(name = "submit", description = "Submit a run.")
final class RunSubmit extends Verb {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "RUN",
      required = true,
      description = "YAML or JSON of what to run; - reads standard input.")
  Path file = Path.of("-");

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "Submitting again with the same key finds the first run.")
  @Nullable String idempotencyKey;

  @Option(
      names = "--wait",
      description = "Wait for the end; the exit code is 1 unless the run succeeded.")
  boolean wait;

  @Override
  protected ExitCode run(Session session) {
    if (idempotencyKey != null && idempotencyKey.length() > Names.IDEMPOTENCY_KEY_MAX) {
      throw usage("--idempotency-key has at most " + Names.IDEMPOTENCY_KEY_MAX + " characters.");
    }
    if (idempotencyKey != null && !idempotencyKey.matches("[!-~]([ -~]*[!-~])?")) {
      throw usage(
          "--idempotency-key '%s' has characters that an HTTP header can't carry: write printable ASCII."
              .formatted(idempotencyKey));
    }
    var source = SourceText.read(file, session.stdin());
    var key = idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey;
    var runs = new Runs(session);
    var run = runs.submit(source, RecordShape.check(source, RunRequest.class), key);
    if (wait) {
      session.progress().say("run " + run.id() + " accepted");
      return RunWait.end(session, RunWait.await(session, runs, run.id()));
    }
    session.output().one(run, Run::id, it -> List.of(it.id() + "  " + RunWords.standing(it)));
    return ExitCode.DONE;
  }
}
