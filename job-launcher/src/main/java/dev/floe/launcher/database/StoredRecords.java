package dev.floe.launcher.database;

import dev.floe.contract.platform.Bindings;
import dev.floe.contract.run.RetryPolicy;
import dev.floe.contract.run.RunEvent;
import dev.floe.contract.run.RunRequest;
import dev.floe.contract.run.Verdict;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Names the records that are written as JSON elsewhere than in REST, for native executables. */
@RegisterForReflection(
    targets = {
      Bindings.class,
      Bindings.Binding.class,
      Bindings.ComponentReadiness.class,
      Bindings.EnvVar.class,
      Bindings.SecretKey.class,
      RetryPolicy.class,
      RetryPolicy.Backoff.class,
      RetryPolicy.Rule.class,
      RunEvent.class,
      RunRequest.class,
      RunRequest.Resources.class,
      RunRequest.SecretEnv.class,
      Verdict.class
    })
final class StoredRecords {
  private StoredRecords() {}
}
