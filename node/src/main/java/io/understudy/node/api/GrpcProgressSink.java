package io.understudy.node.api;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.understudy.v1.Progress;
import java.util.Optional;

/** A caller behind a gRPC stream. Keeps at most one message for a slow caller. */
final class GrpcProgressSink implements ProgressSink {
  private final ServerCallStreamObserver<Progress> observer;
  private final Standing standing = Standing.KEY.get();
  private Optional<Progress> waiting = Optional.empty();
  private boolean ended;

  /** Must be constructed by the handler itself, before it returns. */
  GrpcProgressSink(ServerCallStreamObserver<Progress> observer) {
    this.observer = observer;
    // With a handler, writing to a call whose caller has gone is ignored instead of thrown.
    observer.setOnCancelHandler(() -> {});
  }

  @Override
  public void progress(Progress progress) {
    waiting = Optional.of(progress);
    flush();
  }

  @Override
  public void flush() {
    standing.lost().ifPresent(this::failed);
    if (!ended && observer.isReady()) {
      waiting.ifPresent(observer::onNext);
      waiting = Optional.empty();
    }
  }

  @Override
  public void done(Progress last) {
    if (!ended) {
      ended = true;
      waiting.ifPresent(observer::onNext);
      observer.onNext(last);
      observer.onCompleted();
    }
  }

  @Override
  public void failed(StatusRuntimeException refusal) {
    if (!ended) {
      ended = true;
      observer.onError(refusal);
    }
  }

  @Override
  public boolean gone() {
    return ended || observer.isCancelled();
  }
}
