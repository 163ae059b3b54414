/**
 * Connections to PostgreSQL that end in bounded time, and what callers are told when it is away.
 */
@NullMarked
package dev.floe.kit.database;

import org.jspecify.annotations.NullMarked;
