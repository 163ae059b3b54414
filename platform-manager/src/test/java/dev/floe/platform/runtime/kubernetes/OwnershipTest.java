package dev.floe.platform.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnershipTest {
  @Test
  void namesakeOfWhatWasAppliedIsNotDeleted() {
    // Given: it was deleted, and floe itself or somebody else made another
    var object = configMap("x", by("floe-platform-manager", "Apply"));
    object.getMetadata().setUid("new");
    // Then
    assertThat(Ownership.obstacle(object, "new", "x")).isEmpty();
    assertThat(Ownership.obstacle(object, "old", "x")).get().asString().contains("another object");
  }

  @Test
  void appliedAndLabelledObjectMayBeDeleted() {
    assertThat(Ownership.obstacle(configMap("x", by("floe-platform-manager", "Apply")), null, "x"))
        .isEmpty();
  }

  @Test
  void copyWithTheLabelsStays() {
    assertThat(Ownership.obstacle(configMap("x", by("kubectl-create", "Update")), null, "x"))
        .hasValue("was not applied by floe");
    assertThat(Ownership.obstacle(configMap("x", by("floe-platform-manager", "Update")), null, "x"))
        .isPresent();
    assertThat(Ownership.obstacle(configMap("x", by("floe-platform-manager2", "Apply")), null, "x"))
        .isPresent();
  }

  @Test
  void objectOfAnotherPlatformStays() {
    assertThat(Ownership.obstacle(configMap("y", by("floe-platform-manager", "Apply")), null, "x"))
        .hasValue("does not carry the labels of platform x");
  }

  @Test
  void objectWithoutLabelsStays() {
    var object =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("a")
            .withManagedFields(by("floe-platform-manager", "Apply"))
            .endMetadata()
            .build();
    assertThat(Ownership.obstacle(object, null, "x")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PersistentVolumeClaim",
        "PersistentVolume",
        "Secret",
        "Namespace",
        "CustomResourceDefinition"
      })
  void dataStaysWhoeverAppliedIt(String kind) {
    // Given
    var object =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("v1")
            .withKind(kind)
            .withMetadata(metadata("x", by("floe-platform-manager", "Apply")))
            .build();
    // Then
    assertThat(Ownership.obstacle(object, null, "x"))
        .hasValue("holds data and is never deleted by floe");
  }

  private static HasMetadata configMap(String platform, ManagedFieldsEntry entry) {
    return new ConfigMapBuilder().withMetadata(metadata(platform, entry)).build();
  }

  private static ObjectMeta metadata(String platform, ManagedFieldsEntry entry) {
    return new ObjectMetaBuilder()
        .withName("a")
        .addToLabels("app.kubernetes.io/managed-by", "floe-platform-manager")
        .addToLabels("floe.dev/platform", platform)
        .withManagedFields(entry)
        .build();
  }

  private static ManagedFieldsEntry by(String manager, String operation) {
    return new ManagedFieldsEntryBuilder().withManager(manager).withOperation(operation).build();
  }
}
