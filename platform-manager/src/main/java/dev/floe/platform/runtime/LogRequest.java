package dev.floe.platform.runtime;

/**
 * What a reader wants of a component's log.
 *
 * @param tail last lines of each container or process, at least 0
 * @param follow whether to continue until the reader goes away
 * @param previous whether the logs of containers before their last restart are wanted; on one
 *     machine a log goes over all restarts. Not together with follow
 * @param maxBytes of each log that are read at most when not following
 */
public record LogRequest(int tail, boolean follow, boolean previous, int maxBytes) {}
