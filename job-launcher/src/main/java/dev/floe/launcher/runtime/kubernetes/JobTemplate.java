package dev.floe.launcher.runtime.kubernetes;

import dev.floe.contract.Names;
import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.launcher.runtime.AttemptSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Renders an attempt as a suspended Job. Only the fields written here can ever be set; everything
 * obeys the restricted Pod Security standard. Pure.
 */
final class JobTemplate {
  static final String CONTAINER = "main";
  static final String HOME = "/home/floe";
  static final String TMP = "/tmp";

  private static final io.fabric8.kubernetes.api.model.EnvVar POD_UID =
      new EnvVarBuilder()
          .withName("FLOE_POD_UID")
          .withNewValueFrom()
          .withNewFieldRef()
          .withFieldPath("metadata.uid")
          .endFieldRef()
          .endValueFrom()
          .build();

  private JobTemplate() {}

  static Job render(AttemptSpec spec, KubernetesRuntimeConfig config) {
    var labels = labels(spec);
    return new JobBuilder()
        .withNewMetadata()
        .withName(spec.ref().name())
        .withNamespace(spec.ref().namespace())
        .withLabels(labels)
        .addToAnnotations(Names.Annotations.EPOCH, Long.toString(spec.epoch()))
        .addToAnnotations(Names.Annotations.TRACEPARENT, spec.traceparent())
        .endMetadata()
        .withNewSpec()
        .withSuspend(true)
        .withParallelism(1)
        .withCompletions(1)
        .withBackoffLimit(0)
        .withPodReplacementPolicy("Failed")
        // The pod may be gone when somebody looks; what ended it then still stands in the Job.
        .withNewPodFailurePolicy()
        .addNewRule()
        .withAction("FailJob")
        .addNewOnPodCondition()
        .withType("DisruptionTarget")
        .withStatus("True")
        .endOnPodCondition()
        .endRule()
        .addNewRule()
        .withAction("FailJob")
        .withNewOnExitCodes()
        .withContainerName(CONTAINER)
        .withOperator("NotIn")
        .withValues(0)
        .endOnExitCodes()
        .endRule()
        .endPodFailurePolicy()
        .withTemplate(pod(spec, config, labels))
        .endSpec()
        .build();
  }

  private static Map<String, String> labels(AttemptSpec spec) {
    var request = spec.request();
    var labels = new TreeMap<String, String>();
    if (request.labels() != null) {
      labels.putAll(request.labels());
    }
    labels.put(Names.Labels.NAME, request.kind().value());
    labels.put(Names.Labels.INSTANCE, spec.ref().runId());
    labels.put(Names.Labels.MANAGED_BY, Names.Services.JOB_LAUNCHER);
    labels.put(Names.Labels.PART_OF, Names.FLOE);
    labels.put(Names.Labels.RUN, spec.ref().runId());
    labels.put(Names.Labels.ATTEMPT, Integer.toString(spec.ref().number()));
    labels.put(Names.Labels.PLATFORM, request.platform());
    labels.put(Names.Labels.DOMAIN, request.domain());
    labels.put(Names.Labels.PRODUCT, request.product());
    if (request.pipeline() != null) {
      labels.put(Names.Labels.PIPELINE, request.pipeline());
    }
    labels.put(Names.Labels.KIND, request.kind().value());
    return labels;
  }

  private static PodTemplateSpec pod(
      AttemptSpec spec, KubernetesRuntimeConfig config, Map<String, String> labels) {
    var pod =
        new PodTemplateSpecBuilder()
            .withNewMetadata()
            .withLabels(labels)
            .addToAnnotations(Names.Annotations.TRACEPARENT, spec.traceparent())
            .endMetadata()
            .withNewSpec()
            .withRestartPolicy("Never")
            .withActiveDeadlineSeconds(Math.max(1, seconds(spec.timeout())))
            .withTerminationGracePeriodSeconds(seconds(config.terminationGrace()))
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withServiceAccountName(config.serviceAccount().orElse(null))
            .withImagePullSecrets(pullSecrets(config))
            .withTolerations(config.tolerations().stream().map(JobTemplate::toleration).toList())
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(config.runAsUser().orElse(null))
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .withContainers(container(spec, config))
            .withVolumes(scratch("home", config), scratch("tmp", config))
            .endSpec();
    return pod.build();
  }

  private static Container container(AttemptSpec spec, KubernetesRuntimeConfig config) {
    var request = spec.request();
    var limits = limits(spec, config);
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(request.image())
        .withImagePullPolicy(config.imagePullPolicy())
        .withCommand(literal(request.command()))
        .withArgs(literal(request.args()))
        .withEnv(environment(spec.env()))
        .withNewResources()
        .withRequests(limits)
        .withLimits(limits)
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .addNewVolumeMount()
        .withName("home")
        .withMountPath(HOME)
        .endVolumeMount()
        .addNewVolumeMount()
        .withName("tmp")
        .withMountPath(TMP)
        .endVolumeMount()
        .build();
  }

  private static List<io.fabric8.kubernetes.api.model.EnvVar> environment(List<EnvVar> variables) {
    var byName = new LinkedHashMap<String, io.fabric8.kubernetes.api.model.EnvVar>();
    for (var variable : variables) {
      byName.remove(variable.name());
      byName.put(variable.name(), variable(variable));
    }
    byName.put("HOME", variable(EnvVar.of("HOME", HOME)));
    byName.put("TMPDIR", variable(EnvVar.of("TMPDIR", TMP)));
    var all = new ArrayList<>(byName.values());
    var resource = byName.get(Names.Env.OTEL_RESOURCE_ATTRIBUTES);
    if (resource != null && resource.getValue() != null) {
      nameThePod(resource);
      all.addFirst(POD_UID);
    }
    return List.copyOf(all);
  }

  /** Telemetry names its pod itself: a network may hide the address that it comes from. */
  private static void nameThePod(io.fabric8.kubernetes.api.model.EnvVar resource) {
    var given = resource.getValue().isEmpty() ? "" : resource.getValue() + ",";
    resource.setValue(given + "k8s.pod.uid=$(" + POD_UID.getName() + ")");
  }

  private static io.fabric8.kubernetes.api.model.EnvVar variable(EnvVar variable) {
    var builder = new EnvVarBuilder().withName(variable.name());
    var reference = variable.secretRef();
    if (reference == null) {
      return builder.withValue(literal(variable.value() == null ? "" : variable.value())).build();
    }
    return builder
        .withNewValueFrom()
        .withNewSecretKeyRef()
        .withName(reference.name())
        .withKey(reference.key())
        .endSecretKeyRef()
        .endValueFrom()
        .build();
  }

  private static Map<String, Quantity> limits(AttemptSpec spec, KubernetesRuntimeConfig config) {
    var asked = Optional.ofNullable(spec.request().resources());
    var limits = new TreeMap<String, Quantity>();
    asked
        .map(resources -> resources.cpu())
        .or(config::defaultCpu)
        .ifPresent(cpu -> limits.put("cpu", new Quantity(cpu)));
    Optional.ofNullable(spec.memory())
        .or(() -> asked.map(resources -> resources.memory()))
        .or(config::defaultMemory)
        .ifPresent(memory -> limits.put("memory", new Quantity(memory)));
    return limits;
  }

  private static List<LocalObjectReference> pullSecrets(KubernetesRuntimeConfig config) {
    return config.imagePullSecrets().orElse(List.of()).stream()
        .map(LocalObjectReference::new)
        .toList();
  }

  private static Toleration toleration(KubernetesRuntimeConfig.Taint taint) {
    return new TolerationBuilder()
        .withKey(taint.key().orElse(null))
        .withOperator(taint.value().isPresent() ? "Equal" : "Exists")
        .withValue(taint.value().orElse(null))
        .withEffect(taint.effect().orElse(null))
        .build();
  }

  private static Volume scratch(String name, KubernetesRuntimeConfig config) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity(config.scratchSize()))
        .endEmptyDir()
        .build();
  }

  /** Kubernetes reads $(NAME) and $$ in words; what the caller wrote is meant as it is written. */
  private static String literal(String word) {
    return word.replace("$", "$$");
  }

  private static List<String> literal(@Nullable List<String> words) {
    var all = new ArrayList<String>();
    if (words != null) {
      words.forEach(word -> all.add(literal(word)));
    }
    return all;
  }

  private static long seconds(Duration duration) {
    return duration.plusMillis(999).toSeconds();
  }
}
