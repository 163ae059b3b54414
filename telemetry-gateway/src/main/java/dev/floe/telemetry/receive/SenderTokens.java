package dev.floe.telemetry.receive;

import dev.floe.kit.auth.TokenFile;
import dev.floe.kit.auth.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who may send telemetry. */
@ApplicationScoped
class SenderTokens {
  private static final String BEARER = "bearer ";

  private final Predicate<String> tokens;
  private final @Nullable TokenFile file;

  @Inject
  SenderTokens(Tokens tokens, ReceiveConfig config) {
    this(tokens::accepts, config.tokenFile().map(TokenFile::read).orElse(null));
  }

  /**
   * @param tokens which tokens of other callers are taken too
   * @param file tokens of senders alone
   */
  SenderTokens(Predicate<String> tokens, @Nullable TokenFile file) {
    this.tokens = tokens;
    this.file = file;
  }

  /**
   * @param authorization the header of that name, null where there is none
   * @return why the sender may not, null where it may
   */
  @Nullable Refusal check(@Nullable String authorization) {
    if (authorization == null) {
      return Refusal.unauthenticated(true);
    }
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      var token = authorization.substring(BEARER.length()).strip();
      // Both are asked always, so that the time taken does not tell which one knows the token.
      boolean known = file != null && file.accepts(token);
      if (tokens.test(token) || known) {
        return null;
      }
    }
    return Refusal.unauthenticated(false);
  }
}
