package io.understudy.node.api;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What a caller received on a stream; every wait has a deadline. */
public final class Received<M> implements ClientResponseObserver<Object, M> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BlockingQueue<M> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private final CompletableFuture<ClientCallStreamObserver<?>> call = new CompletableFuture<>();

  @Override
  public void beforeStart(ClientCallStreamObserver<Object> stream) {
    call.complete(stream);
  }

  @Override
  public void onNext(M message) {
    messages.add(message);
  }

  @Override
  public void onError(Throwable error) {
    end.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    end.complete(true);
  }

  /** The next message. */
  public M take() {
    try {
      M message = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (message == null) {
        throw new AssertionError("no message in time; end: " + end);
      }
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public M takeUntil(Predicate<M> wanted) {
    M message = take();
    while (!wanted.test(message)) {
      message = take();
    }
    return message;
  }

  /** The result at the end of a stream of progress. */
  public Result untilResult() {
    return ((Progress) takeUntil(m -> ((Progress) m).hasResult())).getResult();
  }

  public boolean completed() {
    try {
      return end.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The refusal that ended the call. */
  public StatusRuntimeException refusal() {
    try {
      throw new AssertionError("not refused: " + end.get(10, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException refusal) {
        return refusal;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  void cancel() {
    call.join().cancel("the test goes away", null);
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
