package dev.floe.launcher.attempt;

import java.time.Instant;

/**
 * How the steps of an attempt that has not ended fail, one after the other.
 *
 * @param kind what kind of failure it is
 * @param since when they began to fail in this way, by the database's clock
 * @param created whether an object of the attempt was adopted, so that it may run
 */
public record FailingSteps(Failure.Kind kind, Instant since, boolean created) {}
