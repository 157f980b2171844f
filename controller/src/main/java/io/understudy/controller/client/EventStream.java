package io.understudy.controller.client;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.understudy.v1.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Events of a cluster as they come. */
public final class EventStream implements AutoCloseable {
  private final BlockingClientCall<?, Event> call;
  private final Function<StatusException, Failure> translation;

  EventStream(BlockingClientCall<?, Event> call, Function<StatusException, Failure> translation) {
    this.call = call;
    this.translation = translation;
  }

  /** The next event, or empty when none came in time. A stream that ended is a failure. */
  public Optional<Event> next(Duration wait) throws InterruptedException {
    try {
      @Nullable Event event = call.read(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new Failure(ExitCode.UNREACHABLE, "UNREACHABLE", "The node ended the stream.");
      }
      return Optional.of(event);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (StatusException e) {
      throw translation.apply(e);
    }
  }

  @Override
  public void close() {
    call.cancel("The reader is done", null);
  }
}
