package io.understudy.controller.verb;

import com.google.protobuf.util.Durations;
import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Mutation;
import io.understudy.controller.client.Patience;
import io.understudy.controller.client.ProgressObserver;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.drill.ClientView;
import io.understudy.controller.drill.DrillWords;
import io.understudy.controller.drill.NodesView;
import io.understudy.controller.drill.ReportFiles;
import io.understudy.controller.output.DrillLines;
import io.understudy.controller.output.OutputFormat;
import io.understudy.controller.text.Spans;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillMeasurement;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.Gateway;
import io.understudy.v1.MeasureDrillRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A drill from its beginning to its report, as its operator's program sees it: starts the probing
 * client, lets the drill begin, watches it to its end, hands in what the client saw, writes.
 *
 * <p>Nothing of the drill depends on this program. When it ends, or loses the cluster, the drill
 * goes on.
 */
final class DrillRun {
  private static final Duration LOOK_PAUSE = Duration.ofMillis(200);

  /** A node that is silent must not hide for long what the others tell. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(2);

  /** The cluster ends a drill at its deadline; this much later its end has to be seen. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private static final Duration SPAN_UNKNOWN = Duration.ofMinutes(30);

  private final Understudy root;
  private final ClusterClient client;
  private final Sighting sighting;
  private final MutationRequest request;
  private final Path folder;
  private final long begun = System.nanoTime();
  private final DrillLines lines;

  DrillRun(
      Understudy root,
      ClusterClient client,
      Sighting sighting,
      MutationRequest request,
      Path folder) {
    this.root = root;
    this.client = client;
    this.sighting = sighting;
    this.request = request;
    this.folder = folder;
    this.lines =
        new DrillLines(root.promptCanvas(), root.output() == OutputFormat.json, this::elapsed);
  }

  /**
   * @param beginning starts the drill; not empty when it did not begin, with the exit code
   */
  int carryOut(Supplier<Optional<Integer>> beginning) throws InterruptedException {
    try (ClusterClient watching = root.connect(SILENCE_MAX);
        Probing probing =
            Probing.start(watching.drills(), sighting.cluster(), request.getGateway())) {
      probing.settle(leader(), lines);
      Optional<Integer> ended = beginning.get();
      if (ended.isPresent()) {
        return ended.get();
      }
      DrillInterrupt interrupt = new DrillInterrupt(root, request, lines);
      Environment.Registration registration =
          root.environment().interrupts().onInterrupt(interrupt);
      try {
        DrillWatch watch =
            new DrillWatch(watching, request.getGateway(), request.getRequestId(), lines);
        Optional<Drill> drill = followed(watch, probing, interrupt);
        if (drill.isEmpty()) {
          interrupt.awaitEnd();
          return ExitCode.ABORTED.number();
        }
        return finished(drill.get(), watch, probing);
      } finally {
        registration.close();
      }
    }
  }

  /** The drill when it has ended; empty when somebody interrupted the watching. */
  private Optional<Drill> followed(DrillWatch watch, Probing probing, DrillInterrupt interrupt)
      throws InterruptedException {
    Duration limit = SPAN_UNKNOWN;
    while (!interrupt.begun()) {
      Optional<Drill> drill = watch.look();
      probing.tell(lines);
      if (drill.isPresent()) {
        limit = DrillWatch.span(drill.get());
        if (DrillWords.ended(drill.get())) {
          return drill;
        }
      }
      if (elapsed().compareTo(limit.plus(GRACE)) > 0) {
        throw new Failure(
            ExitCode.UNKNOWN,
            "END_NOT_SEEN",
            "The end of the drill was not seen within "
                + Spans.text(elapsed())
                + ". See `understudy drill list`, and have its report with `understudy drill report "
                + request.getRequestId()
                + "`.");
      }
      root.environment().pause().take(LOOK_PAUSE);
    }
    return Optional.empty();
  }

  private int finished(Drill ended, DrillWatch watch, Probing probing) throws InterruptedException {
    if (DrillWords.passed(ended)) {
      probing.awaitLast(serving(ended));
    }
    ClientView view = probing.view(ended, watch);
    Drill drill =
        measured(view).map(kept -> ended.toBuilder().setMeasurement(kept).build()).orElse(ended);
    // First of all: the disk may be full by now.
    root.printer().drill(drill);
    ReportFiles files = Reports.write(drill, Optional.of(view), folder);
    root.environment().err().println("understudy: wrote " + files.markdown());
    boolean doubled = view.doubled() > 0;
    if (doubled) {
      root.environment()
          .err()
          .println(
              "understudy: the relays of two nodes let requests through at the same time, "
                  + view.doubled()
                  + " answers came so. That must never be: keep the report, and see"
                  + " `understudy status` for who serves.");
    }
    return (DrillWords.passed(drill) && !doubled ? ExitCode.DONE : ExitCode.DEGRADED).number();
  }

  /** Who serves after a drill that passed. */
  private static String serving(Drill drill) {
    return drill.getPlan().getFallBack()
        ? drill.getOrigin()
        : NodesView.of(drill).successor().orElse(drill.getOrigin());
  }

  /**
   * Puts the client's figures on record, and returns what is kept there. The report has them also
   * when that fails.
   */
  private Optional<DrillMeasurement> measured(ClientView view) {
    if (view.outage().isEmpty()) {
      return Optional.empty();
    }
    DrillMeasurement measurement = measurement(view);
    MutationRequest own =
        MutationRequest.newBuilder()
            .setGateway(request.getGateway())
            .setRequestId(UUID.randomUUID().toString())
            .setReason("what the probing client of drill " + request.getRequestId() + " saw")
            .build();
    MeasureDrillRequest handedIn =
        MeasureDrillRequest.newBuilder()
            .setMutation(own)
            .setDrill(request.getRequestId())
            .setMeasurement(measurement)
            .build();
    Mutation mutation =
        new Mutation(
            own.getGateway(),
            own.getRequestId(),
            stub ->
                Mutation.Conversation.plain(
                    DrillsGrpc.newBlockingV2Stub(stub.getChannel()).measureDrill(handedIn)));
    try {
      var _ =
          client.mutate(
              client.look(),
              mutation,
              new Patience(root.timeout(), root.timeout(), true),
              new Quiet());
      return Optional.of(measurement);
    } catch (Failure failure) {
      root.environment()
          .err()
          .println(
              "understudy: the client's figures are in the report alone, the cluster did not keep"
                  + " them: "
                  + failure.sentence());
      return Optional.empty();
    }
  }

  private static DrillMeasurement measurement(ClientView view) {
    DrillMeasurement.Builder measurement =
        DrillMeasurement.newBuilder()
            .setClient(view.client())
            .setProbeInterval(Durations.fromMillis(view.interval().toMillis()))
            .setProbes(view.probes())
            .setAnswered(view.answered())
            .setDoubled(view.doubled());
    view.outage()
        .ifPresent(outage -> measurement.setOutage(Durations.fromMillis(outage.toMillis())));
    view.fallBackOutage()
        .ifPresent(
            outage -> measurement.setFallBackOutage(Durations.fromMillis(outage.toMillis())));
    return measurement.build();
  }

  private String leader() {
    return sighting.cluster().getGatewaysList().stream()
        .filter(gateway -> gateway.getId().equals(request.getGateway()))
        .map(Gateway::getLeader)
        .findFirst()
        .orElse("");
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** For what is no news to anybody. */
  private static final class Quiet implements ProgressObserver {
    @Override
    public void progressed(Progress progress) {}

    @Override
    public void stillRunning() {}

    @Override
    public String oneTimeCode(Progress progress) {
      throw new IllegalStateException("a measurement needs no one-time code");
    }
  }
}
