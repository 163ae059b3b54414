package dev.floe.local.image;

import java.nio.file.Path;
import java.util.Map;

/**
 * A local image that is ready to run.
 *
 * @param source the folder whose content a run works in, to be copied
 * @param pathPrefix folder of programs to be put in front of the PATH
 * @param environment variables that its processes need
 */
public record LocalImage(Path source, Path pathPrefix, Map<String, String> environment) {
  public LocalImage {
    environment = Map.copyOf(environment);
  }
}
