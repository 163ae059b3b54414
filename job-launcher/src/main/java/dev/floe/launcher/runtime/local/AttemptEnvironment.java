package dev.floe.launcher.runtime.local;

import dev.floe.contract.platform.Bindings.EnvVar;
import dev.floe.launcher.runtime.AttemptSpec;
import dev.floe.launcher.runtime.LaunchRefusedException;
import dev.floe.launcher.runtime.Obstacle;
import dev.floe.local.image.LocalImage;
import dev.floe.local.secret.SecretFiles;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The whole environment of a local attempt: what the image needs, what the run says, where to
 * write.
 */
final class AttemptEnvironment {
  private static final String PROGRAMS = "/usr/local/bin:/usr/bin:/bin";

  private AttemptEnvironment() {}

  /**
   * @throws LaunchRefusedException a Secret or key that it names is not there
   */
  static Map<String, String> of(
      AttemptSpec spec, LocalImage image, AttemptFolder folder, SecretFiles secrets)
      throws IOException {
    var environment = new HashMap<String, String>();
    environment.put("LANG", "C.UTF-8");
    environment.put("PATH", image.pathPrefix() + File.pathSeparator + PROGRAMS);
    environment.putAll(image.environment());
    for (var variable : spec.env()) {
      environment.put(variable.name(), value(spec.ref().namespace(), variable, secrets));
    }
    environment.put("HOME", folder.home().toString());
    environment.put("TMPDIR", folder.tmp().toString());
    return environment;
  }

  private static String value(String namespace, EnvVar variable, SecretFiles secrets)
      throws IOException {
    var reference = variable.secretRef();
    if (reference == null) {
      return variable.value() == null ? "" : variable.value();
    }
    return secrets
        .find(namespace, reference.name(), reference.key())
        .orElseThrow(() ->
            new LaunchRefusedException(
                new Obstacle(
                    Obstacle.Kind.CONTAINER_CONFIG,
                    "CreateContainerConfigError",
                    "%s wants key %s of the secret %s, which namespace %s does not have"
                        .formatted(
                            variable.name(), reference.key(), reference.name(), namespace))));
  }
}
