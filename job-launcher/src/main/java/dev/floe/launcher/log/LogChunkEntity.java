package dev.floe.launcher.log;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** A row of {@code log_chunk}. */
@Entity
@Immutable
@Table(name = "log_chunk")
@IdClass(LogChunkId.class)
@SuppressWarnings("NullAway.Init") // filled by Hibernate
class LogChunkEntity {
  @Id String runId;
  @Id int attempt;
  @Id long firstByte;
  int length;
  byte[] data;
  Instant capturedAt;
}
