package dev.floe.platform.rollout;

import java.time.Duration;

/** Time as a rollout spends it; tests have their own. */
interface Pace {
  /** Nanoseconds of a clock that only grows. */
  long nanos();

  void pause(Duration length) throws InterruptedException;

  /** The clock of this process. */
  Pace SYSTEM =
      new Pace() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration length) throws InterruptedException {
          Thread.sleep(length);
        }
      };
}
