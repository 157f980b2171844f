package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What a scenario expects to see from outside: through the trading clients' connections, the
 * broker's records and the command line. A disappointed expectation is a {@link LabException}.
 */
final class Expectations implements AutoCloseable {
  private static final Duration TIME_STEP = Duration.ofSeconds(45);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final int OUTCOME_UNKNOWN = 4;
  private static final ImmutableList<String> STORM =
      ImmutableList.of(
          "failover --to primary",
          "failover --to standby",
          "reconcile",
          "halt",
          "unhalt",
          "pause",
          "resume",
          "login",
          "failover --force");

  private final ScenarioWorld world;
  private final PhaseWatch standbyWatch;
  private final Instant lastCode;
  private Optional<Fault> fault = Optional.empty();
  private Optional<NaivePair> naivePair = Optional.empty();
  private final List<String> notes = new ArrayList<>();
  private Optional<TakeoverFigures> takeover = Optional.empty();

  /** When the first fault began, by both clocks. */
  private record Fault(Instant wall, long nanos) {}

  Expectations(ScenarioWorld world) {
    this.world = world;
    this.standbyWatch = PhaseWatch.start(world.cluster(), LabNetwork.STANDBY);
    this.lastCode = lastLogin();
  }

  /** The figures of the takeover that was expected, if any. */
  Optional<TakeoverFigures> takeover() {
    return takeover;
  }

  /** What else came out. */
  ImmutableList<String> notes() {
    return ImmutableList.copyOf(notes);
  }

  /** Adds what came out. */
  void note(String sentence) {
    notes.add(sentence);
  }

  void faultBegins(Instant wall, long nanos) {
    if (fault.isEmpty()) {
      fault = Optional.of(new Fault(wall, nanos));
    }
  }

  /** The limit counts without the wait for a time step, which no cluster can shorten. */
  void takeover(String host, Duration limit) {
    Fault since = since();
    LabNode node = world.node(host);
    boolean happened =
        Waiting.until(
            limit.plus(TIME_STEP),
            () -> world.clients().at(node).firstAfter(since.nanos()).isPresent());
    if (!happened) {
      throw new LabException(
          "No trading client got an answer through "
              + host
              + " within "
              + limit.toSeconds()
              + " s and a time step"
              + node.daemon().last());
    }
    long resumed = world.clients().at(node).firstAfter(since.nanos()).orElseThrow();
    TakeoverFigures figures =
        TakeoverFigures.of(
            since.wall(),
            since.wall().plusNanos(resumed - since.nanos()),
            standbyWatch.phasesAfter(since.wall()),
            lastCode);
    takeover = Optional.of(figures);
    if (figures.withoutTimeStep().compareTo(limit) > 0) {
      throw new LabException(
          "The takeover took "
              + Narrator.seconds(figures.withoutTimeStep())
              + " without the wait for a time step, expected at most "
              + limit.toSeconds()
              + " s; by phase: "
              + figures.phases());
    }
  }

  /** The node goes on serving its trading client, and nobody else does. */
  void trading(String host, Duration time) {
    LabNode node = world.node(host);
    long before = System.nanoTime();
    Waiting.pause(time);
    long late = System.nanoTime() - QUIET.toNanos();
    if (world.clients().at(node).firstAfter(late).isEmpty()) {
      throw new LabException(
          "No trading client is answered through " + host + node.daemon().last());
    }
    if (world.clients().at(world.cluster().other(node)).firstAfter(before).isPresent()) {
      throw new LabException("A trading client was answered through the other node");
    }
  }

  /** Within the limit nothing passes through the node any more, for a second at least. */
  void silence(String host, Duration limit) {
    TradingClient client = world.clients().at(world.node(host));
    boolean silent =
        Waiting.until(
            limit.plus(QUIET),
            () -> client.firstAfter(System.nanoTime() - QUIET.toNanos()).isEmpty());
    if (!silent) {
      throw new LabException("A trading client is still answered through " + host);
    }
  }

  void service(Duration limit) {
    var _ =
        world
            .operator()
            .waits(
                limit.plus(TIME_STEP),
                "A leader that serves",
                view -> view.leader().filter(view::serves).isPresent());
  }

  void needsOperator(String host, Duration limit) {
    var _ =
        world
            .operator()
            .waits(
                limit.plus(TIME_STEP),
                "That " + host + " asks for an operator",
                view ->
                    view.cell(host)
                        .filter(cell -> cell.phase().equals("NEEDS_OPERATOR"))
                        .isPresent());
  }

  void logins(int max) {
    int logins = world.cluster().broker().report().path("submissions").asInt();
    if (logins > max) {
      throw new LabException("There were " + logins + " logins, expected at most " + max);
    }
  }

  void startNaivePair() {
    naivePair = Optional.of(NaivePair.start(world.cluster()));
  }

  /** The comparison is worth something only when it shows what the product does not do. */
  void naivePair() {
    NaivePair.Handover handover =
        naivePair
            .orElseThrow(() -> new LabException("The naive pair was not started"))
            .after(since().wall());
    notes.add(
        "a naive pair beside it had two leaders for %s: the one believed for %s, the other led after %s"
            .formatted(
                Narrator.seconds(handover.overlap()),
                Narrator.seconds(handover.believed()),
                Narrator.seconds(handover.led())));
    if (!handover.overlap().isPositive()) {
      throw new LabException("The naive pair never had two leaders");
    }
  }

  /** The command must be carried out. */
  void operatorTypes(String command) {
    var _ = world.operator().types(0, COMMAND_LIMIT, words(command));
  }

  /** Commands at bad moments, by three operators at once; any answer will do, but an answer. */
  void storm(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    List<Thread> operators =
        List.of(1L, 2L, 3L).stream()
            .map(seed -> Thread.ofPlatform().start(() -> typeUntil(end, new Random(seed))))
            .toList();
    for (Thread operator : operators) {
      try {
        operator.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("Interrupted", e);
      }
    }
  }

  @Override
  public void close() {
    standbyWatch.close();
  }

  private void typeUntil(long endNanos, Random random) {
    while (System.nanoTime() - endNanos < 0) {
      String command = STORM.get(random.nextInt(STORM.size()));
      CommandLine.Ran ran = world.cluster().commandLine().run(COMMAND_LIMIT, words(command));
      if (ran.exitCode() > OUTCOME_UNKNOWN + 1) {
        throw new LabException(ran.shown() + " ended with status " + ran.exitCode());
      }
    }
  }

  private Fault since() {
    return fault.orElseThrow(() -> new LabException("There was no fault before"));
  }

  private static String[] words(String command) {
    return Streams.concat(
            List.of(command.split(" ")).stream(),
            List.of("--reason", "fault lab", "--yes").stream())
        .toArray(String[]::new);
  }

  private Instant lastLogin() {
    JsonNode report = world.cluster().broker().report();
    return Streams.stream(report.path("loginList"))
        .map(login -> Instant.parse(login.path("at").asText()))
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }
}
