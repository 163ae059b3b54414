package dev.floe.telemetry.receive;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** One request of a sender, from its head to its answer; lives on one event loop. */
final class Exchange {
  private static final Logger LOG = Logger.getLogger(Exchange.class);

  /**
   * Larger bodies are worked on beside the event loop: gzip makes up to a thousand times as much.
   */
  private static final int INLINE = 16 * 1024;

  private final Doors doors;
  private final Protocol protocol;
  private final HttpServerRequest request;
  private final Context context;
  private final RequestBody body;
  private boolean answered;

  private Exchange(Doors doors, Protocol protocol, HttpServerRequest request, Context context) {
    this.doors = doors;
    this.protocol = protocol;
    this.request = request;
    this.context = context;
    this.body = doors.newBody();
  }

  /** Serves a request. */
  static void serve(Doors doors, Protocol protocol, HttpServerRequest request, Context context) {
    new Exchange(doors, protocol, request, context).start();
  }

  private void start() {
    long timer =
        context.owner().setTimer(doors.bodyTimeout().toMillis(), id -> request.response().reset());
    request.exceptionHandler(failure -> {
      context.owner().cancelTimer(timer);
      answered = true;
      body.close();
    });
    request.handler(this::take);
    request.endHandler(end -> {
      context.owner().cancelTimer(timer);
      if (!answered) {
        work();
      }
    });
    // Who it is comes first: a stranger learns nothing about what is served.
    var refusal = doors.tokens().check(request.getHeader("authorization"));
    if (refusal == null && protocol.signal(request) == null) {
      refusal = Refusal.unsupported(404, "nothing is served at " + request.path());
    }
    if (refusal == null) {
      refusal = protocol.checkHead(request, doors.maxRequestBytes());
    }
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    body.expect(HttpProtocol.length(request));
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      request.response().writeContinue();
    }
  }

  private void take(Buffer part) {
    if (answered) {
      return;
    }
    var refusal = body.append(part);
    if (refusal == null) {
      refusal = protocol.checkPart(body, doors.maxRequestBytes());
    }
    if (refusal != null) {
      refuse(refusal);
    }
  }

  private void work() {
    if (body.size() <= INLINE) {
      answer(process());
      return;
    }
    context
        .owner()
        .executeBlocking(this::process, false)
        .onSuccess(this::answer)
        .onFailure(failure -> {
          LOG.error("A request could not be worked on", failure);
          refuse(Refusal.internal());
        });
  }

  private CompletionStage<Acceptance> process() {
    var signal = protocol.signal(request);
    var refusal = protocol.unwrap(request, body);
    if (refusal != null || signal == null) {
      return CompletableFuture.completedFuture(
          doors.intake().refuse(refusal == null ? Refusal.internal() : refusal));
    }
    return doors.intake().accept(signal, body.toByteArray(), request.remoteAddress().hostAddress());
  }

  private void answer(CompletionStage<Acceptance> acceptance) {
    var future = acceptance.toCompletableFuture();
    if (future.isDone()) {
      answer(future.join());
    } else {
      var _ = future.thenAccept(done -> context.runOnContext(go -> answer(done)));
    }
  }

  private void refuse(Refusal refusal) {
    answer(doors.intake().refuse(refusal));
  }

  private void answer(Acceptance acceptance) {
    body.close();
    if (answered || request.response().closed() || request.response().ended()) {
      return;
    }
    answered = true;
    switch (acceptance) {
      case Acceptance.Accepted(var response) -> protocol.accept(request.response(), response);
      case Acceptance.Refused(var refusal) -> protocol.refuse(request, refusal);
    }
  }
}
