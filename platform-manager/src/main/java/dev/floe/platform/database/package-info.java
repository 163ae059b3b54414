/** Limits of this service's connections to PostgreSQL. */
@NullMarked
package dev.floe.platform.database;

import org.jspecify.annotations.NullMarked;
