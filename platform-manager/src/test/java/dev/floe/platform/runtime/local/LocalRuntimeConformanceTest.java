package dev.floe.platform.runtime.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.floe.local.home.FloeHome;
import dev.floe.local.image.ImageDefinition;
import dev.floe.local.image.LocalImages;
import dev.floe.platform.runtime.PlatformRuntime;
import dev.floe.platform.runtime.RolloutFailedException;
import dev.floe.platform.runtime.RuntimeConformance;
import dev.floe.platform.runtime.TestRuntimeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class LocalRuntimeConformanceTest extends RuntimeConformance {
  private static final String IMAGE = "floe.local/nothing:1";

  @TempDir private static Path root;

  @BeforeAll
  static void anImageWithoutContent() throws IOException {
    var source = Files.createDirectories(root.resolve("source"));
    LocalImages.at(FloeHome.at(root.resolve("home")))
        .add(new ImageDefinition(IMAGE, source, Optional.empty(), List.of(source)));
  }

  @Override
  protected PlatformRuntime runtime() {
    return new LocalPlatformRuntime(new TestRuntimeConfig(), Optional.of(root.resolve("home")));
  }

  @Override
  protected ObjectNode workload(String namespace, String name) {
    var process = JsonNodeFactory.instance.objectNode().put("kind", "Process");
    process.putObject("metadata").put("name", name);
    var spec = process.putObject("spec");
    spec.put(
        "folder", root.resolve("home/platforms/%s/web/%s".formatted(platform, name)).toString());
    spec.put("image", IMAGE);
    spec.putArray("command").add("sleep").add("600");
    return process;
  }

  @Override
  protected @Nullable String secret(String namespace, String name, String key) {
    try {
      return new LocalSecrets(FloeHome.at(root.resolve("home")), "floe")
          .value(namespace, name, key);
    } catch (RolloutFailedException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
