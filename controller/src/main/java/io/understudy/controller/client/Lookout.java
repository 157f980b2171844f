package io.understudy.controller.client;

import io.grpc.stub.StreamObserver;
import io.understudy.controller.text.Spans;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.GetClusterRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds a node that answers. The endpoints are asked in their order, each after the one before
 * failed or has been silent for a moment, so that one dead machine costs next to nothing and the
 * usual case dials only once. An answer without quorum counts only when no better one comes.
 */
final class Lookout {
  private static final Duration HEAD_START = Duration.ofMillis(700);
  private static final Duration STALE_PATIENCE = Duration.ofSeconds(2);

  private final Context context;
  private final Connections connections;
  private final Consumer<String> notes;

  Lookout(Context context, Connections connections, Consumer<String> notes) {
    this.context = context;
    this.connections = connections;
    this.notes = notes;
  }

  /** What came back from one endpoint: a cluster or an error. */
  private record Answer(
      Endpoint endpoint, @Nullable Cluster cluster, @Nullable Throwable failure) {}

  Sighting look(Duration timeout) {
    try {
      return new Search(timeout).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.aborted("Interrupted.");
    }
  }

  /** One look: what was asked, what came back, what is still worth waiting for. */
  private final class Search {
    private final Duration timeout;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final Map<Endpoint, RpcError> errors = new LinkedHashMap<>();
    private final Deque<Endpoint> toAsk = new ArrayDeque<>(context.endpoints());
    private int pending;
    private long end;
    private @Nullable Sighting stale;

    Search(Duration timeout) {
      this.timeout = timeout;
      this.end = System.nanoTime() + timeout.toNanos();
    }

    Sighting run() throws InterruptedException {
      dialNext();
      while (pending > 0 && end - System.nanoTime() > 0) {
        long remaining = Math.max(0, end - System.nanoTime());
        long wait = toAsk.isEmpty() ? remaining : Math.min(remaining, HEAD_START.toNanos());
        Answer answer = answers.poll(wait, TimeUnit.NANOSECONDS);
        if (answer != null) {
          pending--;
          Optional<Sighting> good = judge(answer);
          if (good.isPresent()) {
            return good.get();
          }
        }
        dialNext();
      }
      if (stale != null) {
        return stale;
      }
      throw failure();
    }

    /** The sighting when it is good enough; otherwise remembers what was wrong with it. */
    private Optional<Sighting> judge(Answer answer) {
      Cluster cluster = answer.cluster();
      if (cluster == null) {
        RpcError error = RpcError.of(Objects.requireNonNull(answer.failure()));
        errors.put(answer.endpoint(), error);
        connections.drop(answer.endpoint());
        notes.accept("Skipped: " + error.unreached(context, answer.endpoint()));
        return Optional.empty();
      }
      Sighting sighting = new Sighting(cluster, answer.endpoint());
      if (!cluster.getStale()) {
        return Optional.of(sighting);
      }
      notes.accept(answer.endpoint() + " has no quorum; asking the other nodes");
      stale = stale == null ? sighting : stale;
      end = Math.min(end, System.nanoTime() + STALE_PATIENCE.toNanos());
      return Optional.empty();
    }

    private void dialNext() {
      Endpoint endpoint = toAsk.poll();
      if (endpoint != null) {
        pending++;
        dial(endpoint, timeout, answers);
      }
    }

    private Failure failure() {
      List<String> clauses = new ArrayList<>();
      for (Map.Entry<Endpoint, RpcError> entry : errors.entrySet()) {
        Endpoint endpoint = entry.getKey();
        if (!entry.getValue().transport()) {
          return entry.getValue().toFailure(context, endpoint);
        }
        RpcError error = connections.explained(entry.getValue(), endpoint);
        clauses.add(error.unreached(context, endpoint));
      }
      for (Endpoint endpoint : context.endpoints()) {
        if (!errors.containsKey(endpoint)) {
          clauses.add(
              endpoint
                  + " did not answer within "
                  + Spans.text(timeout)
                  + "; is the WireGuard tunnel up?");
        }
      }
      return new Failure(
          ExitCode.UNREACHABLE,
          "UNREACHABLE",
          "No node of context " + context.name() + " answers: " + String.join("; ", clauses));
    }
  }

  private void dial(Endpoint endpoint, Duration timeout, BlockingQueue<Answer> answers) {
    ControlPlaneGrpc.newStub(connections.to(endpoint))
        // A little more than we wait, so that it is always we who give up.
        .withDeadlineAfter(timeout.plusSeconds(1).toNanos(), TimeUnit.NANOSECONDS)
        .getCluster(
            GetClusterRequest.getDefaultInstance(),
            new StreamObserver<>() {
              @Override
              public void onNext(Cluster cluster) {
                answers.add(new Answer(endpoint, cluster, null));
              }

              @Override
              public void onError(Throwable failure) {
                answers.add(new Answer(endpoint, null, failure));
              }

              @Override
              public void onCompleted() {}
            });
  }
}
