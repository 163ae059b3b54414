package dev.floe.platform.release;

/**
 * A platform as it is stored.
 *
 * @param lastRelease number of the newest release
 * @param currentRelease number of the release whose plan is, or is becoming, what runs; 0 for none
 * @param boundRelease number of the release whose bindings jobs inherit; 0 for none
 * @param removed whether its components were taken away
 */
public record PlatformRow(
    String name, int lastRelease, int currentRelease, int boundRelease, boolean removed) {}
