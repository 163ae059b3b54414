package dev.floe.launcher.run;

import dev.floe.contract.run.RunState;
import dev.floe.contract.run.VerdictReason;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A row of {@code run}. */
@Entity
@DynamicUpdate
@Table(name = "run")
@SuppressWarnings("NullAway.Init") // filled by Hibernate or by the store
class RunEntity {
  @Id String id;

  @Enumerated(EnumType.STRING)
  RunState state;

  @Nullable String waitingFor;
  String platform;
  String domain;
  String product;
  @Nullable String pipeline;
  int priority;
  String request;
  @Nullable String idempotencyKey;
  String payloadHash;
  int attempt;
  int budgetFrom = 1;
  @Nullable String memory;
  @Nullable String verdict;

  @Enumerated(EnumType.STRING)
  @Nullable VerdictReason stopReason;

  String traceId;
  String spanId;
  @Nullable String parentSpanId;
  boolean sampled;
  @Nullable Instant spanBeganAt;
  @Nullable String spanLinks;
  Instant createdAt;
  Instant updatedAt;
  @Nullable Instant startedAt;
  @Nullable Instant finishedAt;
  @Nullable Instant nextAttemptAt;
  Instant deadlineAt;
  @Nullable Instant dueAt;
  long claim;
  int holds;
  long lastEvent;
  @Version long version;
}
