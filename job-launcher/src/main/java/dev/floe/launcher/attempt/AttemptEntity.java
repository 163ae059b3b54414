package dev.floe.launcher.attempt;

import dev.floe.contract.run.AttemptState;
import dev.floe.contract.run.VerdictCategory;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A row of {@code attempt}. Leases and log positions are written by statements of their own. */
@Entity
@DynamicUpdate
@Table(name = "attempt")
@IdClass(AttemptId.class)
@SuppressWarnings("NullAway.Init") // filled by Hibernate or by the store
class AttemptEntity {
  @Id String runId;
  @Id int number;

  @Enumerated(EnumType.STRING)
  AttemptState state;

  String namespace;
  @Nullable String uid;
  @Nullable String pod;
  @Nullable String node;
  @Nullable String memory;
  String bindings;
  String spanId;
  long epoch;
  String owner;
  Instant leaseUntil;
  @Nullable String decided;
  @Nullable Instant decidedAt;
  @Nullable String verdict;

  @Enumerated(EnumType.STRING)
  @Nullable VerdictCategory category;

  Instant createdAt;
  Instant launchDeadlineAt;
  @Nullable Instant releasedAt;

  @Enumerated(EnumType.STRING)
  Failure.@Nullable Kind failing;

  @Nullable Instant failingSince;
  @Nullable Instant failingAlikeSince;
  @Nullable Instant startedAt;
  @Nullable Instant finishedAt;
  long logBytes;
  boolean logTruncated;
  boolean objectRemoved;
  @Nullable Instant objectDueAt;
}
