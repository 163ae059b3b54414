package dev.floe.platform.release;

/**
 * Why a release under way gives way.
 *
 * @param replacedBy number of the newest release that takes its place; 0 for none
 * @param aborted whether somebody asked for its end
 */
public record Interruption(int replacedBy, boolean aborted) {}
