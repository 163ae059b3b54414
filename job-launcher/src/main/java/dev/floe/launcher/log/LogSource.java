package dev.floe.launcher.log;

import dev.floe.launcher.database.Transactions;
import dev.floe.launcher.runtime.AttemptRef;
import dev.floe.launcher.runtime.JobRuntime;

/** Makes captures of logs. */
public final class LogSource {
  private final JobRuntime runtime;
  private final Transactions transactions;
  private final LogStore store;
  private final LogConfig config;

  public LogSource(
      JobRuntime runtime, Transactions transactions, LogStore store, LogConfig config) {
    this.runtime = runtime;
    this.transactions = transactions;
    this.store = store;
    this.config = config;
  }

  /** A capture that has begun. */
  public LogCapture capture(AttemptRef attempt, long epoch, Runnable quiet) {
    var capture = new LogCapture(runtime, transactions, store, config, attempt, epoch, quiet);
    capture.start();
    return capture;
  }
}
