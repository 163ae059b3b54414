package dev.floe.kit.kubernetes;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

/**
 * The client's TLS warm-up reaches for parts of BouncyCastle that are not on the class path, and a
 * native image cannot leave them unresolved (quarkusio/quarkus#55288). Nothing is lost without it.
 */
@TargetClass(className = "io.fabric8.kubernetes.client.vertx.VertxHttpClientBuilder")
final class WarmTlsStackSubstitution {
  private WarmTlsStackSubstitution() {}

  @Substitute
  static void warmTlsStackFull() {}
}
