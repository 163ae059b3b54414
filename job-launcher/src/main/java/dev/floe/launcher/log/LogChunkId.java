package dev.floe.launcher.log;

/** Key of a piece of a log: its attempt and the byte it begins with. */
record LogChunkId(String runId, int attempt, long firstByte) {}
