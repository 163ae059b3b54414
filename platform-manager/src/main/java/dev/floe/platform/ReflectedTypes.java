package dev.floe.platform;

import dev.floe.contract.platform.Bindings;
import dev.floe.contract.platform.BlueprintDetails;
import dev.floe.contract.platform.BlueprintFiles;
import dev.floe.contract.platform.BlueprintProblem;
import dev.floe.contract.platform.BlueprintProblems;
import dev.floe.contract.platform.BlueprintSummary;
import dev.floe.contract.platform.JobRunDetails;
import dev.floe.contract.platform.Manifest;
import dev.floe.contract.platform.PlatformDetails;
import dev.floe.contract.platform.PlatformDiff;
import dev.floe.contract.platform.PlatformStatus;
import dev.floe.contract.platform.Release;
import dev.floe.contract.platform.ReleaseEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Records of the contract that a native executable reads or writes where no route names them. */
@RegisterForReflection(
    targets = {
      BlueprintDetails.class,
      BlueprintDetails.Setting.class,
      BlueprintFiles.class,
      BlueprintProblem.class,
      BlueprintProblems.class,
      BlueprintSummary.class,
      Bindings.class,
      Bindings.Binding.class,
      Bindings.ComponentReadiness.class,
      Bindings.EnvVar.class,
      Bindings.SecretKey.class,
      JobRunDetails.class,
      Manifest.class,
      Manifest.Artifacts.class,
      Manifest.Domain.class,
      Manifest.Metadata.class,
      Manifest.Plugin.class,
      Manifest.Registry.class,
      Manifest.ResourcePreset.class,
      Manifest.Resources.class,
      Manifest.Service.class,
      Manifest.Workload.class,
      PlatformDetails.class,
      PlatformDetails.AppliedObjectDetails.class,
      PlatformDetails.DomainDetails.class,
      PlatformDiff.class,
      PlatformDiff.FieldChange.class,
      PlatformDiff.ObjectChange.class,
      PlatformStatus.class,
      PlatformStatus.ComponentStatus.class,
      PlatformStatus.WorkloadStatus.class,
      Release.class,
      ReleaseEvent.class
    })
final class ReflectedTypes {
  private ReflectedTypes() {}
}
