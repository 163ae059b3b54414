package dev.floe.launcher.feed;

/** Key of an event: its run and its number in it. */
record RunEventId(String runId, long sequence) {}
