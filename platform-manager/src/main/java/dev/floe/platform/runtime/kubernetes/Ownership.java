package dev.floe.platform.runtime.kubernetes;

import dev.floe.contract.Names.Labels;
import dev.floe.contract.Names.Services;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether floe may delete an object. Pure.
 *
 * <p>Labels alone do not tell: whoever copies an object copies them. The API server itself records
 * which field manager applied an object ({@code metadata.managedFields}).
 */
final class Ownership {
  /** Kinds whose deletion loses data, also data of others. */
  private static final Set<String> DATA =
      Set.of(
          "PersistentVolumeClaim",
          "PersistentVolume",
          "Secret",
          "Namespace",
          "CustomResourceDefinition",
          "VolumeSnapshot",
          "VolumeSnapshotContent");

  private Ownership() {}

  /**
   * Why an object must not be deleted, as the end of a sentence about it.
   *
   * @param live as the API server returned it
   * @param uid that it had when floe applied it; null where nobody recorded it
   * @return empty when floe may delete it
   */
  static Optional<String> obstacle(HasMetadata live, @Nullable String uid, String platform) {
    if (DATA.contains(live.getKind())) {
      return Optional.of("holds data and is never deleted by floe");
    }
    if (uid != null && !uid.equals(live.getMetadata().getUid())) {
      return Optional.of("is another object than the one that floe applied, with the same name");
    }
    return foreign(live, platform);
  }

  /**
   * Why an object is not floe's own, as the end of a sentence about it.
   *
   * @param live as the API server returned it
   * @return empty when floe applied it for this platform
   */
  static Optional<String> foreign(HasMetadata live, String platform) {
    var metadata = live.getMetadata();
    var labels = metadata.getLabels();
    if (labels == null
        || !Services.PLATFORM_MANAGER.equals(labels.get(Labels.MANAGED_BY))
        || !platform.equals(labels.get(Labels.PLATFORM))) {
      return Optional.of("does not carry the labels of platform " + platform);
    }
    return applied(live).findAny().isPresent()
        ? Optional.empty()
        : Optional.of("was not applied by floe");
  }

  /**
   * Whether floe manages a field of an object that it applied.
   *
   * @param live as the API server returned it
   * @param pointer of a field that is in no list
   */
  static boolean manages(HasMetadata live, String pointer) {
    return applied(live)
        .map(ManagedFieldsEntry::getFieldsV1)
        .filter(Objects::nonNull)
        .anyMatch(fields -> {
          Object at = fields.getAdditionalProperties();
          for (var step : pointer.substring(1).split("/", -1)) {
            at = at instanceof Map<?, ?> inner ? inner.get("f:" + step) : null;
          }
          return at != null;
        });
  }

  private static Stream<ManagedFieldsEntry> applied(HasMetadata live) {
    return live.getMetadata().getManagedFields().stream()
        .filter(entry -> Services.PLATFORM_MANAGER.equals(entry.getManager()))
        .filter(entry -> "Apply".equals(entry.getOperation()));
  }
}
