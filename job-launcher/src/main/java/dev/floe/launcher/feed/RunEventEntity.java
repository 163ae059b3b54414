package dev.floe.launcher.feed;

import dev.floe.contract.run.RunState;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of {@code run_event}. */
@Entity
@Immutable
@Table(name = "run_event")
@IdClass(RunEventId.class)
@SuppressWarnings("NullAway.Init") // filled by Hibernate or by the store
class RunEventEntity {
  @Id String runId;
  @Id long sequence;
  String type;

  @Enumerated(EnumType.STRING)
  RunState state;

  int attempt;
  @Nullable String verdict;
  String message;
  Instant time;

  @Column(insertable = false, updatable = false)
  long position;
}
