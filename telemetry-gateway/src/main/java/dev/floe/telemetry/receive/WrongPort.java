package dev.floe.telemetry.receive;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Names the right port to senders that send OTLP to the port of the REST API. Who has no sender's
 * token is left to the REST API, which refuses it.
 */
@ApplicationScoped
class WrongPort {
  /** Before the REST API asks for its own token, which senders do not have. */
  private static final int PRIORITY = 400;

  private final OtlpReceivers receivers;

  WrongPort(OtlpReceivers receivers) {
    this.receivers = receivers;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext call) {
    var request = call.request();
    boolean overGrpc = GrpcProtocol.signal(request.path()) != null;
    if ((!overGrpc && HttpProtocol.signal(request.path()) == null)
        || receivers.tokens().check(request.getHeader("authorization")) != null) {
      call.next();
      return;
    }
    var refusal =
        Refusal.unsupported(
            404,
            "this port serves the REST API; send OTLP over HTTP to port %d, over gRPC to port %d"
                .formatted(receivers.httpPort(), receivers.grpcPort()));
    var _ =
        overGrpc
            ? GrpcProtocol.refuseCall(request, refusal)
            : new HttpProtocol(receivers::grpcPort).refuse(request, refusal);
  }
}
