package io.understudy.node.api;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.spi.Secret;
import io.understudy.node.wire.ShownMessages;
import io.understudy.v1.LoginRequest;
import io.understudy.v1.Progress;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The request side of one Login call: the start, then one-time codes when they are asked for. gRPC
 * calls it from one thread at a time. When the caller goes, only the following ends; the wish to
 * log in stays.
 */
final class LoginStream implements StreamObserver<LoginRequest> {
  private final ApiServices services;
  private final Caller caller;
  private final Standing standing = Standing.KEY.get();
  private final ProgressSink sink;
  private final Supplier<Requests> requests;
  private Optional<GatewayId> started = Optional.empty();

  LoginStream(ApiServices services, Caller caller, ProgressSink sink, Supplier<Requests> requests) {
    this.services = services;
    this.caller = caller;
    this.sink = sink;
    this.requests = requests;
  }

  @Override
  public void onNext(LoginRequest request) {
    Optional<StatusRuntimeException> lost = standing.lost();
    if (lost.isPresent()) {
      services.lane().execute(() -> sink.failed(lost.get()));
      return;
    }
    try {
      switch (request.getBodyCase()) {
        case START -> start(request);
        case CODE -> code(request);
        case BODY_NOT_SET -> throw refused("the message is empty (expected: start or code)");
      }
    } catch (RefusedException e) {
      services.lane().execute(() -> sink.failed(Refusals.status(e.rejection())));
    }
  }

  private void start(LoginRequest request) throws RefusedException {
    if (started.isPresent()) {
      throw refused("sent twice (expected: once, then codes)");
    }
    Command command = requests.get().login(request.getStart(), caller);
    started = Optional.of(command.meta().gateway());
    services.operations().start(command, sink);
  }

  private void code(LoginRequest request) throws RefusedException {
    GatewayId gateway =
        started.orElseThrow(() -> refused("a code came first (expected: start, then codes)"));
    Secret code = Secret.of(Requests.code(request.getCode()));
    if (!services.control().provideCode(gateway, code)) {
      code.close();
      Progress notAwaited =
          Progress.newBuilder()
              .setGateway(gateway.value())
              .setReason(
                  ShownMessages.reason(
                      new Reason("CodeNotAwaited", "No login on this node waits for a code")))
              .build();
      services.lane().execute(() -> sink.progress(notAwaited));
    }
  }

  private static RefusedException refused(String what) {
    return new RefusedException(new Rejection.InvalidField("start", "start: " + what));
  }

  @Override
  public void onError(Throwable error) {
    // The caller has gone; the sink notices by itself.
  }

  @Override
  public void onCompleted() {
    if (started.isEmpty()) {
      RefusedException nothing = refused("missing (expected: one start message)");
      services.lane().execute(() -> sink.failed(Refusals.status(nothing.rejection())));
    }
  }
}
