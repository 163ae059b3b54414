package dev.floe.launcher.attempt;

/** Key of an attempt: its run and its number in it. */
record AttemptId(String runId, int number) {}
