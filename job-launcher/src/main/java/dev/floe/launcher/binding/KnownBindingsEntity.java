package dev.floe.launcher.binding;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code known_bindings}. */
@Entity
@Table(name = "known_bindings")
@IdClass(KnownBindingsId.class)
@SuppressWarnings("NullAway.Init") // filled by Hibernate
class KnownBindingsEntity {
  @Id String platform;
  @Id String domain;
  String body;
  Instant knownAt;
}
