package dev.floe.platform.status;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Row of a component as it was last seen. */
@Entity
@Table(name = "component")
@IdClass(ComponentEntity.Key.class)
class ComponentEntity {
  @Id String platform = "";
  @Id String name = "";
  boolean ready;
  boolean available;
  String reason = "";
  @Nullable String message;
  String workloads = "[]";

  /** When it was last seen. */
  @Column(name = "checked_at")
  Instant checkedAt = Instant.EPOCH;

  /** Platform and component. */
  @RegisterForReflection
  record Key(String platform, String name) implements Serializable {}
}
