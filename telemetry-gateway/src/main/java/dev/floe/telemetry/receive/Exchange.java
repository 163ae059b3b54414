package dev.floe.telemetry.receive;

import dev.floe.telemetry.ledger.RefusalReason;
import dev.floe.telemetry.receive.RequestWorkers.Weight;
import dev.floe.telemetry.wire.Signal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request of a sender, from its head to its answer.
 *
 * <p>Everything happens on the request's event loop but the work on bodies that are compressed or
 * large, which {@link RequestWorkers} do. However a request ends (answered, refused, abandoned,
 * reset, too slow, failed with an {@link Error}), its body is closed exactly when nobody uses it
 * any more, so that nothing stays reserved.
 */
final class Exchange {
  private static final Logger LOG = Logger.getLogger(Exchange.class);

  /**
   * Larger bodies are worked on beside the event loop, compressed ones always: gzip makes up to a
   * thousand times as much.
   */
  private static final int INLINE = 16 * 1024;

  /** Larger ones, once decompressed, take long enough to be put behind others. */
  private static final int LIGHT = 1024 * 1024;

  /** How long a sender that was refused early may continue sending before it is cut off. */
  private static final long LINGER_MILLIS = 2000;

  private static final long NO_ERROR = 0;
  private static final long INTERNAL_ERROR = 2;

  private enum State {
    /** The body arrives; the event loop uses it. */
    RECEIVING,
    /** The body is complete; whoever works on it uses it. */
    WORKING,
    /** Answered, or the sender has gone; the body is closed. */
    OVER
  }

  private final OtlpReceivers receivers;
  private final Protocol protocol;
  private final HttpServerRequest request;
  private final Context context;
  private final Set<HttpConnection> closing;
  private final RequestBody body;
  private State state = State.RECEIVING;
  private boolean mayBePacked;
  private @Nullable Signal signal;
  private long timer;

  /** Read by workers: there is nobody to answer. */
  private volatile boolean gone;

  private Exchange(
      OtlpReceivers receivers,
      Protocol protocol,
      HttpServerRequest request,
      Context context,
      Set<HttpConnection> closing) {
    this.receivers = receivers;
    this.protocol = protocol;
    this.request = request;
    this.context = context;
    this.closing = closing;
    this.body = receivers.newBody(request.remoteAddress().hostAddress());
  }

  /**
   * Serves a request.
   *
   * @param closing connections of this event loop that are closed once their last answer is
   *     written; nothing that still comes on them is a request
   */
  static void serve(
      OtlpReceivers receivers,
      Protocol protocol,
      HttpServerRequest request,
      Context context,
      Set<HttpConnection> closing) {
    if (!closing.contains(request.connection())) {
      var exchange = new Exchange(receivers, protocol, request, context, closing);
      exchange.guarded(exchange::start);
    }
  }

  private void start() {
    timer = context.owner().setTimer(receivers.bodyTimeout().toMillis(), id -> guarded(this::late));
    request.exceptionHandler(failure -> leave());
    request.response().closeHandler(closed -> leave());
    request.handler(part -> guarded(() -> take(part)));
    request.endHandler(end -> guarded(this::work));
    // Who it is comes first: a stranger learns nothing about what is served.
    var refusal = receivers.tokens().check(request.getHeader("authorization"));
    if (refusal == null) {
      refusal = protocol.checkHead(request, receivers.maxRequestBytes());
    }
    if (refusal == null) {
      signal = protocol.signal(request);
      if (signal == null) {
        refusal = Refusal.unsupported(404, "nothing is served at " + request.path());
      }
    }
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    mayBePacked = protocol.mayBePacked(request);
    body.expect(HttpProtocol.length(request));
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      request.response().writeContinue();
    }
  }

  private void take(Buffer part) {
    if (state != State.RECEIVING) {
      return;
    }
    var refusal = body.append(part);
    if (refusal == null) {
      refusal = protocol.checkPart(body, receivers.maxRequestBytes());
    }
    if (refusal != null) {
      refuse(refusal);
    }
  }

  private void late() {
    if (state == State.RECEIVING) {
      refuse(Refusal.tooSlow(receivers.bodyTimeout(), receivers.retryAfter()));
    }
  }

  /** The sender has gone: closed the connection, or reset the stream. */
  private void leave() {
    gone = true;
    context.owner().cancelTimer(timer);
    if (state == State.RECEIVING) {
      over();
    }
  }

  private void over() {
    state = State.OVER;
    context.owner().cancelTimer(timer);
    body.close();
  }

  private void work() {
    if (state != State.RECEIVING) {
      return;
    }
    state = State.WORKING;
    context.owner().cancelTimer(timer);
    var deadline = Deadline.in(receivers.workTimeout());
    boolean packed = protocol.isPacked(body, mayBePacked);
    if (body.size() <= INLINE && !packed) {
      var acceptance = process(Weight.LIGHT, deadline).toCompletableFuture();
      if (acceptance.isDone()) {
        answer(acceptance.join());
      } else {
        answerLater(acceptance);
      }
      return;
    }
    long becomes = packed ? Math.max(body.size(), body.announced()) : body.size();
    var weight = becomes <= LIGHT ? Weight.LIGHT : Weight.HEAVY;
    if (!submit(weight, deadline)) {
      refuse(Refusal.full("too many requests wait to be processed", receivers.retryAfter()));
    }
  }

  private boolean submit(Weight weight, Deadline deadline) {
    var address = request.remoteAddress().hostAddress();
    return receivers
        .workers()
        .submit(address, request.connection(), weight, () -> workBeside(weight, deadline));
  }

  /** Runs on a worker. */
  private void workBeside(Weight weight, Deadline deadline) {
    if (gone) {
      // Nobody hears it, so nobody counts it.
      answerLater(
          CompletableFuture.completedFuture(
              new Acceptance.Refused(Refusal.overdue(receivers.retryAfter()))));
    } else if (deadline.getAsBoolean()) {
      answerLater(refused(Refusal.overdue(receivers.retryAfter())));
    } else {
      answerLater(process(weight, deadline));
    }
  }

  /**
   * @return never fails, whatever happens
   */
  private CompletionStage<Acceptance> process(Weight weight, Deadline deadline) {
    try {
      var wanted = signal;
      int atMost = weight == Weight.LIGHT ? LIGHT : Integer.MAX_VALUE;
      var refusal = protocol.unwrap(body, mayBePacked, atMost, deadline);
      if (refusal != null
          && refusal.reason() == RefusalReason.TOO_LARGE
          && weight == Weight.LIGHT
          && LIGHT < receivers.maxRequestBytes()) {
        return processAsHeavy(deadline);
      }
      if (refusal != null || wanted == null) {
        return refused(refusal == null ? Refusal.internal() : refusal);
      }
      var address = request.remoteAddress().hostAddress();
      var executor = receivers.workers().executor(address, request.connection(), weight);
      return receivers
          .sink()
          .accept(
              wanted,
              body.bytes(),
              new RequestSink.Origin(address, executor),
              body.reservation(),
              deadline)
          .exceptionally(this::failed);
    } catch (Throwable failure) {
      return CompletableFuture.completedFuture(failed(failure));
    }
  }

  /** Queues a body again that became more than it said. */
  private CompletionStage<Acceptance> processAsHeavy(Deadline deadline) {
    var acceptance = new CompletableFuture<Acceptance>();
    var address = request.remoteAddress().hostAddress();
    Runnable task =
        () -> {
          var _ = process(Weight.HEAVY, deadline).thenAccept(acceptance::complete);
        };
    return receivers.workers().submit(address, request.connection(), Weight.HEAVY, task)
        ? acceptance
        : refused(Refusal.full("too many requests wait to be processed", receivers.retryAfter()));
  }

  private CompletionStage<Acceptance> refused(Refusal refusal) {
    return CompletableFuture.completedFuture(receivers.sink().refuse(refusal));
  }

  /** Says so in the log where that is possible; an {@link Error} must not stop the answer. */
  private Acceptance failed(Throwable failure) {
    try {
      LOG.error("A request could not be worked on", failure);
      return receivers.sink().refuse(Refusal.internal());
    } catch (Throwable worse) {
      return new Acceptance.Refused(Refusal.internal());
    }
  }

  /** Answers on the event loop, from wherever the stage is completed. */
  private void answerLater(CompletionStage<Acceptance> acceptance) {
    var _ = acceptance.thenAccept(done -> context.runOnContext(go -> guarded(() -> answer(done))));
  }

  private void refuse(Refusal refusal) {
    answer(receivers.sink().refuse(refusal));
  }

  private void answer(Acceptance acceptance) {
    if (state == State.OVER) {
      return;
    }
    over();
    if (gone || request.response().closed() || request.response().ended()) {
      return;
    }
    boolean complete = request.isEnded();
    boolean lastOfConnection = isHttp1() && (!complete || isChunked());
    if (lastOfConnection) {
      var connection = request.connection();
      closing.add(connection);
      connection.closeHandler(closed -> closing.remove(connection));
      request.response().putHeader("connection", "close");
    }
    var written =
        switch (acceptance) {
          case Acceptance.Accepted(var response) -> protocol.accept(request, response);
          case Acceptance.Refused(var refusal) -> protocol.refuse(request, refusal);
        };
    if (!complete) {
      endUpload(written);
    } else if (lastOfConnection) {
      written.onComplete(done -> request.connection().close());
    }
  }

  /** Ends what a sender sends after it was answered: nobody looks at it any more. */
  private void endUpload(Future<Void> written) {
    if (isHttp1()) {
      // A connection that is closed while bytes arrive is reset, and its answer may be lost. So the
      // rest is read and forgotten, for a while.
      timer = context.owner().setTimer(LINGER_MILLIS, id -> request.connection().close());
      request.endHandler(end -> written.onComplete(done -> request.connection().close()));
    } else {
      // RFC 9113, 8.1: the answer is complete, and the rest of the request is not wanted.
      timer = context.owner().setTimer(LINGER_MILLIS, id -> request.response().reset(NO_ERROR));
      written.onComplete(done -> request.response().reset(NO_ERROR));
    }
  }

  private boolean isHttp1() {
    return request.version() != HttpVersion.HTTP_2;
  }

  /**
   * Netty hides whether a chunked request had a Content-Length as well, which proxies may read
   * differently. RFC 9112, 6.3 asks to close the connection after such a request; so it is after
   * each that is chunked.
   */
  private boolean isChunked() {
    return request.getHeader("transfer-encoding") != null;
  }

  /** Takes a step on the event loop; whatever it throws, the sender is answered if it can be. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable failure) {
      var acceptance = failed(failure);
      try {
        if (state == State.OVER) {
          // It failed while it was answered.
          request.response().reset(INTERNAL_ERROR);
        } else {
          answer(acceptance);
        }
      } catch (Throwable worse) {
        request.connection().close();
      }
    }
  }
}
