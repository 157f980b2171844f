package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.MutationOutcome;
import io.understudy.controller.client.Patience;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.output.DrillLines;
import io.understudy.v1.MutationRequest;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What happens when somebody interrupts the watching of a drill: asks whether the drill is to go on
 * by itself, or to be ended. Without a terminal, or without an answer, it goes on.
 */
final class DrillInterrupt implements Runnable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
  private static final Duration ABORT_MAX = Duration.ofMinutes(2);

  private final Understudy root;
  private final MutationRequest start;
  private final DrillLines lines;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean begun;

  /**
   * @param start the request that began the drill
   */
  DrillInterrupt(Understudy root, MutationRequest start, DrillLines lines) {
    this.root = root;
    this.start = start;
    this.lines = lines;
  }

  /** Whether it was interrupted; whoever watches the drill then stops. */
  boolean begun() {
    return begun;
  }

  void awaitEnd() throws InterruptedException {
    done.await();
  }

  @Override
  public void run() {
    lines.fallSilent();
    begun = true;
    PrintStream err = root.environment().err();
    try {
      err.println();
      if (wantsAbort(err)) {
        err.println("understudy: " + abort());
      } else {
        err.println(
            "understudy: the drill goes on by itself: see `understudy drill list`, end it with"
                + " `understudy drill abort`, and have its report with `understudy drill report "
                + start.getRequestId()
                + "`.");
      }
    } catch (Failure failure) {
      err.println(
          "understudy: the drill was not aborted: "
              + failure.sentence()
              + " Try `understudy drill abort`.");
    } finally {
      done.countDown();
    }
  }

  private boolean wantsAbort(PrintStream err) {
    if (!root.environment().terminal().canAsk()) {
      return false;
    }
    err.print(
        "The drill is under way. Type a to abort it and fall back, or Enter to let it go on by"
            + " itself: ");
    err.flush();
    return answer().map(String::strip).filter(text -> text.equalsIgnoreCase("a")).isPresent();
  }

  /** The program is about to end, so this waits no longer than it has to. */
  private Optional<String> answer() {
    AtomicReference<Optional<String>> line = new AtomicReference<>(Optional.empty());
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .name("answer")
            .start(() -> line.set(root.environment().terminal().readLine()));
    try {
      if (!reader.join(ANSWER_MAX)) {
        root.environment().err().println();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return line.get();
  }

  private String abort() {
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      MutationRequest request =
          MutationRequest.newBuilder()
              .setGateway(start.getGateway())
              .setRequestId(UUID.randomUUID().toString())
              .setReason("interrupted by the operator who had started it")
              .build();
      MutationOutcome outcome =
          new Operation(root, new RequestOptions(), new Patience(root.timeout(), ABORT_MAX, true))
              .carryOut(client, sighting, new DrillAbortVerb.Abort(start.getRequestId()), request);
      return switch (outcome) {
        case MutationOutcome.Ended(var result) -> result.getSentence();
        case MutationOutcome.Accepted _ -> "the drill will be aborted";
      };
    }
  }
}
