/** Connections to PostgreSQL whose statements, locks and transactions end in bounded time. */
@NullMarked
package dev.floe.kit.database;

import org.jspecify.annotations.NullMarked;
