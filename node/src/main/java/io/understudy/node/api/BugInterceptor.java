package io.understudy.node.api;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outermost interceptor: an exception that a handler lets escape is a bug. It is logged under a
 * correlation id, and the caller gets that id and nothing else.
 */
final class BugInterceptor implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(BugInterceptor.class);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    try {
      return new Guarded<>(next.startCall(call, headers), call);
    } catch (RuntimeException e) {
      close(call, e);
      return new ServerCall.Listener<>() {};
    }
  }

  /** Logs the bug under a new id and returns what to tell the caller. */
  static StatusRuntimeException report(String method, Throwable bug) {
    String correlationId = "%08x".formatted(ThreadLocalRandom.current().nextInt());
    LOG.error("Failed a call by a bug method={} correlationId={}", method, correlationId, bug);
    return Refusals.internal(correlationId);
  }

  private static void close(ServerCall<?, ?> call, RuntimeException bug) {
    StatusRuntimeException answer = report(call.getMethodDescriptor().getFullMethodName(), bug);
    Metadata trailers = answer.getTrailers();
    try {
      call.close(answer.getStatus(), trailers == null ? new Metadata() : trailers);
    } catch (IllegalStateException e) {
      LOG.debug("Found the call closed already", e);
    }
  }

  private static final class Guarded<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;

    Guarded(ServerCall.Listener<Q> delegate, ServerCall<Q, ?> call) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      guard(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guard(super::onHalfClose);
    }

    @Override
    public void onReady() {
      guard(super::onReady);
    }

    private void guard(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        close(call, e);
      }
    }
  }
}
