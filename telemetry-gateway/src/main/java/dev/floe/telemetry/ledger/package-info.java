/** What became of every item, per signal, sender and destination. */
@NullMarked
package dev.floe.telemetry.ledger;

import org.jspecify.annotations.NullMarked;
