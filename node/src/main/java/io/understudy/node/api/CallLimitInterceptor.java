package io.understudy.node.api;

import com.google.common.collect.ImmutableMap;
import com.google.rpc.Code;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds how many calls are under way at once, so that no caller can exhaust the node. */
final class CallLimitInterceptor implements ServerInterceptor {
  private final int callsMax;
  private final Semaphore free;

  CallLimitInterceptor(int callsMax) {
    this.callsMax = callsMax;
    this.free = new Semaphore(callsMax);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!free.tryAcquire()) {
      StatusRuntimeException refusal =
          Refusals.status(
              Code.UNAVAILABLE,
              "TOO_MANY_CALLS",
              "The node serves " + callsMax + " calls already: retry later",
              ImmutableMap.of());
      Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
    AtomicBoolean released = new AtomicBoolean();
    Runnable release =
        () -> {
          if (released.compareAndSet(false, true)) {
            free.release();
          }
        };
    try {
      return new Counted<>(next.startCall(call, headers), release);
    } catch (RuntimeException e) {
      release.run();
      throw e;
    }
  }

  private static final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Runnable release;

    Counted(ServerCall.Listener<Q> delegate, Runnable release) {
      super(delegate);
      this.release = release;
    }

    @Override
    public void onCancel() {
      release.run();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      release.run();
      super.onComplete();
    }
  }
}
