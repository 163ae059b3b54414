package dev.floe.telemetry.enrich;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One spelling for each IP address. Kubernetes writes {@code fd00::5}, Java writes {@code
 * fd00:0:0:0:0:0:0:5}, and a dual-stack socket may show an IPv4 peer as {@code ::ffff:10.0.0.1}.
 */
final class PodAddress {
  /** The longest text of an IPv6 address, with room for a zone. */
  private static final int MAX_LENGTH = 64;

  private PodAddress() {}

  /**
   * @param text an IP address; a zone ({@code %eth0}) is ignored
   * @return the spelling that follows from its bytes alone; null where the text is not an IP
   *     address. Names are never looked up.
   */
  static @Nullable String canonical(@Nullable String text) {
    if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
      return null;
    }
    int zone = text.indexOf('%');
    try {
      return InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone)).getHostAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }
}
