/** Transactions and database time. */
@NullMarked
package dev.floe.launcher.database;

import org.jspecify.annotations.NullMarked;
