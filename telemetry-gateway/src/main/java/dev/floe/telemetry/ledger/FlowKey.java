package dev.floe.telemetry.ledger;

import dev.floe.telemetry.wire.Signal;

/**
 * What is counted apart.
 *
 * @param destination its configured name
 * @param sender who sent the items, of bounded number (see {@link SenderNames})
 */
public record FlowKey(String destination, Signal signal, String sender) {}
