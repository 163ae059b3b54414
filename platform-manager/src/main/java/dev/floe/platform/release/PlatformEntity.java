package dev.floe.platform.release;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Row of a platform; its lease is written by SQL alone. */
@Entity
@Table(name = "platform")
class PlatformEntity {
  @Id String name = "";

  @Column(name = "last_release")
  int lastRelease;

  @Column(name = "current_release")
  int currentRelease;

  @Column(name = "bound_release")
  int boundRelease;

  boolean removed;

  PlatformRow row() {
    return new PlatformRow(name, lastRelease, currentRelease, boundRelease, removed);
  }
}
