package dev.floe.launcher.runtime;

import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.contract.run.RunKind;
import dev.floe.contract.run.RunRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** An attempt as tests describe it. */
public record Attempts(
    AttemptRef ref,
    long epoch,
    String image,
    List<String> command,
    List<EnvVar> env,
    @Nullable String memory,
    Duration timeout,
    Map<String, String> labels) {

  public static Attempts shell(String namespace, String image, String script) {
    var run = "t%08x".formatted(ThreadLocalRandom.current().nextInt());
    return new Attempts(
        new AttemptRef(namespace, run, 1),
        1,
        image,
        List.of("sh", "-c", script),
        List.of(EnvVar.of("FLOE_RUN_ID", run)),
        null,
        Duration.ofMinutes(5),
        Map.of());
  }

  public Attempts named(String run) {
    var same = new AttemptRef(ref.namespace(), run, ref.number());
    var variables = List.of(EnvVar.of("FLOE_RUN_ID", run));
    return new Attempts(same, epoch, image, command, variables, memory, timeout, labels);
  }

  public Attempts withEpoch(long other) {
    return new Attempts(ref, other, image, command, env, memory, timeout, labels);
  }

  public Attempts withImage(String other) {
    return new Attempts(ref, epoch, other, command, env, memory, timeout, labels);
  }

  public Attempts withCommand(String... words) {
    return new Attempts(ref, epoch, image, List.of(words), env, memory, timeout, labels);
  }

  public Attempts withEnv(EnvVar... variables) {
    var all = new ArrayList<>(env);
    all.addAll(List.of(variables));
    return new Attempts(ref, epoch, image, command, all, memory, timeout, labels);
  }

  public Attempts withMemory(String quantity) {
    return new Attempts(ref, epoch, image, command, env, quantity, timeout, labels);
  }

  public Attempts withTimeout(Duration limit) {
    return new Attempts(ref, epoch, image, command, env, memory, limit, labels);
  }

  public Attempts withLabels(Map<String, String> more) {
    return new Attempts(ref, epoch, image, command, env, memory, timeout, more);
  }

  public AttemptSpec spec() {
    var request =
        new RunRequest(
            "weather",
            null,
            "climate",
            "seattle",
            "daily",
            RunKind.CUSTOM,
            image,
            command,
            null,
            null,
            null,
            memory == null ? null : new RunRequest.Resources(null, memory),
            timeout,
            null,
            null,
            null,
            labels);
    return new AttemptSpec(
        ref,
        epoch,
        request,
        env,
        memory,
        timeout,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }
}
