package dev.floe.cli.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A port of this machine that the suite listens on. */
public enum Port {
  PLATFORM_MANAGER("platform-manager", 8580, Member.PLATFORM_MANAGER),
  JOB_LAUNCHER("job-launcher", 8581, Member.JOB_LAUNCHER),
  TELEMETRY_GATEWAY("telemetry-gateway", 8582, Member.TELEMETRY_GATEWAY),
  OTLP_GRPC("otlp-grpc", 4317, Member.TELEMETRY_GATEWAY),
  OTLP_HTTP("otlp-http", 4318, Member.TELEMETRY_GATEWAY),
  POSTGRESQL("postgresql", 8583, Member.POSTGRESQL);

  private final String value;
  private final int usual;
  private final Member member;

  Port(String value, int usual, Member member) {
    this.value = value;
    this.usual = usual;
    this.member = member;
  }

  /** Its name in files; the option of {@code floe local up} is {@code --<name>-port}. */
  String value() {
    return value;
  }

  /** The number that is taken where nothing speaks against it. */
  int usual() {
    return usual;
  }

  /** Who listens there. */
  Member member() {
    return member;
  }

  /** Whether something could listen there now. */
  static boolean isFree(int number) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Some number where nothing listens. */
  static int anyFree() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
