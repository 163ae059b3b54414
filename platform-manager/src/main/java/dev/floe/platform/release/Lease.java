package dev.floe.platform.release;

/**
 * The right to roll out one platform's releases.
 *
 * @param owner the replica that has it
 * @param epoch grows with every lease; writes of an older one change nothing
 */
public record Lease(String platform, String owner, long epoch) {}
