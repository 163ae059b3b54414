package dev.floe.platform.release;

import dev.floe.contract.platform.ReleaseState;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Row of a release. */
@Entity
@Table(name = "release")
@IdClass(ReleaseEntity.Key.class)
class ReleaseEntity {
  @Id String platform = "";
  @Id int number;

  @Enumerated(EnumType.STRING)
  ReleaseAction action = ReleaseAction.DEPLOY;

  @Enumerated(EnumType.STRING)
  ReleaseState state = ReleaseState.PENDING;

  @Nullable String version;
  @Nullable String message;

  @Column(name = "components_ready")
  int componentsReady;

  int components;
  String manifest = "";
  String plan = "";

  boolean waits;

  @Column(name = "plan_format")
  int planFormat;

  @Column(name = "created_at", insertable = false, updatable = false)
  Instant createdAt = Instant.EPOCH;

  @Column(name = "finished_at")
  @Nullable Instant finishedAt;

  StoredRelease stored() {
    return new StoredRelease(
        platform,
        number,
        action,
        state,
        version,
        message,
        componentsReady,
        components,
        manifest,
        plan,
        createdAt,
        finishedAt,
        waits);
  }

  /** Platform and number. */
  @RegisterForReflection
  record Key(String platform, int number) implements Serializable {}
}
