package dev.floe.telemetry.enrich;

import dev.floe.telemetry.wire.AttributeEdits;

/**
 * Who sent one group of a request.
 *
 * @param edits what is to be said about it on its resource
 * @param sender the name under which it is counted
 */
public record Attribution(AttributeEdits edits, String sender) {}
