package dev.floe.platform.release;

import dev.floe.contract.platform.ReleaseEvent;
import dev.floe.contract.platform.ReleaseState;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Row of one step of a rollout; never changed. */
@Entity
@Table(name = "release_event")
@IdClass(ReleaseEventEntity.Key.class)
class ReleaseEventEntity {
  @Id String platform = "";
  @Id int release;
  @Id long sequence;
  String type = "";

  @Enumerated(EnumType.STRING)
  ReleaseState state = ReleaseState.PENDING;

  @Nullable String component;
  String message = "";
  Instant time = Instant.EPOCH;

  ReleaseEvent event() {
    return new ReleaseEvent(platform, release, sequence, type, state, component, message, time);
  }

  /** Platform, release and sequence. */
  @RegisterForReflection
  record Key(String platform, int release, long sequence) implements Serializable {}
}
