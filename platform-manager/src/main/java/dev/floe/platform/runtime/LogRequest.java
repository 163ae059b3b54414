package dev.floe.platform.runtime;

/**
 * What a reader wants of a component's log.
 *
 * @param tail last lines of each workload, at least 0
 * @param follow whether to continue until the reader goes away
 * @param maxBytes of each workload's log that are read at most when not following
 */
public record LogRequest(int tail, boolean follow, int maxBytes) {}
