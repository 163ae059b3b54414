package dev.floe.telemetry.ledger;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How finely senders are told apart. */
@ConfigMapping(prefix = "floe.telemetry.ledger")
public interface LedgerConfig {
  /** Senders counted apart; all further ones are counted together as {@code others}. */
  @WithDefault("500")
  int maxSenders();
}
