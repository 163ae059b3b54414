package dev.floe.local.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an image name stands for on this machine.
 *
 * @param image the name, as runs give it
 * @param source absolute path of the folder whose content runs work in
 * @param requirements absolute path of its hash-locked requirements, none for a plain interpreter
 * @param pythonPath absolute folders of further Python modules
 */
public record ImageDefinition(
    String image, Path source, Optional<Path> requirements, List<Path> pythonPath) {
  public ImageDefinition {
    pythonPath = List.copyOf(pythonPath);
  }
}
