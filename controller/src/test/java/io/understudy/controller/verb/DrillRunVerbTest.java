package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import com.google.rpc.Code;
import io.understudy.controller.Clusters;
import io.understudy.controller.FakeControlPlane;
import io.understudy.controller.FakeDrills;
import io.understudy.controller.Harness;
import io.understudy.controller.SampleDrills;
import io.understudy.controller.probe.StandInRelay;
import io.understudy.v1.Cluster;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillKind;
import io.understudy.v1.DrillMeasurement;
import io.understudy.v1.DrillStage;
import io.understudy.v1.Phase;
import io.understudy.v1.StartDrillRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drill from the first question to the report, with relays on loopback. */
final class DrillRunVerbTest {
  private static final String LEADER = "127.0.0.1:7101";
  private static final String OTHER = "127.0.0.1:7102";

  @TempDir private Path folder;
  private Harness harness;
  private StandInRelay relayA;
  private StandInRelay relayB;
  private FakeControlPlane a;
  private FakeControlPlane b;
  private FakeDrills drillsA;
  private FakeDrills drillsB;

  /** What happens next in the cluster, one at each pause of the program. */
  private final Deque<Step> script = new ArrayDeque<>();

  private interface Step {
    void take() throws IOException;
  }

  @BeforeEach
  void start(@TempDir Path home) throws Exception {
    relayA = StandInRelay.secured();
    relayB = StandInRelay.secured();
    relayB.shut();
    harness = new Harness(home);
    harness.variables.put("NO_COLOR", "1");
    a = harness.node(LEADER, Clusters.serving());
    b = harness.node(OTHER, Clusters.serving().toBuilder().setAnsweredBy("b").build());
    drillsA = harness.drills(LEADER);
    drillsB = harness.drills(OTHER);
    drillsA.relayAt(relayA.address());
    drillsB.relayAt(relayB.address());
    harness.duringPause =
        () -> {
          try {
            if (!script.isEmpty()) {
              script.remove().take();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
  }

  @AfterEach
  void stop() throws IOException {
    harness.close();
    relayA.close();
    relayB.close();
  }

  @Test
  void aSwitchoverAndItsWayBackAreMeasuredThroughTheRelays() throws Exception {
    script.add(() -> stage(DrillStage.DRILL_STAGE_FAULT, "hands over to b"));
    script.add(() -> relayA.shut());
    script.add(() -> {
      relayB.open();
      serves("b");
      awaitRequests(relayB);
    });
    script.add(() -> recovered(DrillStage.DRILL_STAGE_RECOVERED));
    script.add(() -> {
      recovered(DrillStage.DRILL_STAGE_FALLING_BACK);
      relayB.shut();
    });
    script.add(() -> {
      relayA.open();
      serves("a");
      awaitRequests(relayA);
    });
    script.add(() -> become(SampleDrills.passed()));

    Harness.Run run = drill("--kind", "switchover", "--to", "b");

    assertThat(run.exitCode()).as(run.err()).isZero();
    StartDrillRequest request = drillsA.started.getFirst();
    assertThat(request.getPlan().getTarget()).isEqualTo("b");
    assertThat(request.getMutation().getExpectedEpoch()).isEqualTo(7);
    assertThat(run.err())
        .containsSubsequence(
            "FAULT, hands over to b", "RECOVERED, b serves", "FALLING_BACK, b serves", "PASSED, ")
        .contains("client      the relay of a answers", "client      the relay of b answers")
        .contains("node b      SERVING");
    assertThat(run.out()).startsWith("Drill passed (live): ").contains("by the client on ");
    DrillMeasurement measurement = drillsA.measured.getFirst().getMeasurement();
    assertThat(measurement.getDoubled()).isZero();
    assertThat(measurement.getAnswered()).isPositive();
    assertThat(Durations.toMillis(measurement.getOutage())).isBetween(1L, 10_000L);
    assertThat(measurement.hasFallBackOutage()).isTrue();
    assertThat(report("switchover.md"))
        .contains("| login | 3.10 s |", "relay", "this command line");
    assertThat(report("switchover.svg")).contains("relay of a", "relay of b");
    assertThat(harness.lastWords).isEmpty();
  }

  @Test
  void aDrillIsNotWellWhenTwoRelaysLetRequestsThroughAtOnce() throws Exception {
    script.add(() -> stage(DrillStage.DRILL_STAGE_FAULT, "hands over to b"));
    script.add(() -> {
      relayB.open();
      awaitRequests(relayB);
      awaitRequests(relayA);
      awaitRequests(relayB);
    });
    script.add(() -> become(SampleDrills.passed()));

    Harness.Run run = drill("--kind", "switchover", "--to", "b");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).contains("let requests through at the same time");
    assertThat(drillsA.measured.getFirst().getMeasurement().getDoubled()).isPositive();
  }

  @Test
  void theDrillIsFollowedOnAnotherNodeWhenTheFirstOneDies() throws Exception {
    script.add(() -> {
      become(
          SampleDrills.accepted(DrillKind.DRILL_KIND_CRASH)
              .setStage(DrillStage.DRILL_STAGE_FAULT)
              .setSentence("a is about to kill itself"));
      harness.kill(LEADER);
      relayA.shut();
      relayB.open();
      awaitRequests(relayB);
    });
    script.add(() -> serves("b"));
    script.add(() -> recoveredCrash(DrillStage.DRILL_STAGE_RECOVERED));
    script.add(() -> recoveredCrash(DrillStage.DRILL_STAGE_PASSED));

    Harness.Run run = drill("--kind", "crash", "--no-fall-back");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("PASSED, b serves");
    assertThat(drillsB.measured).hasSize(1);
    assertThat(drillsB.measured.getFirst().getMeasurement().hasOutage()).isTrue();
  }

  @Test
  void timesWithoutAnyNodeAreWaitedOut() throws Exception {
    script.add(() -> {
      harness.kill(LEADER);
      harness.kill(OTHER);
    });
    script.add(() -> {});
    script.add(() -> {
      harness.start(OTHER);
      become(SampleDrills.passed());
    });
    Harness.Run run = drill("--kind", "switchover");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("no node answers just now");
  }

  @Test
  void relaysOutOfReachLeaveTheFiguresOfTheNodes() throws Exception {
    relayA.shut();
    drillsB.relayAt("nowhere");
    script.add(() -> become(SampleDrills.passed()));
    Harness.Run run = drill("--kind", "switchover");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .contains("The relay of b listens at nowhere, which this host cannot reach.")
        .contains("The relay of a, which led, let nothing of this host through before the drill");
    assertThat(drillsA.measured).isEmpty();
    assertThat(report("switchover.md"))
        .contains("the figures are those of the nodes alone")
        .contains("| **nobody served** | **4.25 s** | **–** |");
  }

  @Test
  void aDrillThatFailedEndsWithThree() throws Exception {
    script.add(() -> become(SampleDrills.failed()));
    Harness.Run run = drill("--kind", "crash");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).startsWith("Drill failed (live): nobody served at the deadline");
    assertThat(report("crash.md")).contains("FAILED");
  }

  @Test
  void aCheckThatStandsAgainstItIsToldBeforeAnythingIsAsked() {
    drillsA.standsAgainst("STANDBY_NOT_READY", "b is not ready: its gateway does not run", false);
    harness.terminal.types("should not be read");
    Harness.Run run = harness.run("drill", "run", "--kind", "switchover");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            """
            understudy: refused (STANDBY_NOT_READY): The drill may not begin:
              STANDBY_NOT_READY: b is not ready: its gateway does not run
            """);
    assertThat(drillsA.started).isEmpty();
    assertThat(harness.terminal.typed).hasSize(1);
  }

  @Test
  void aRefusalOfTheClusterIsNoDrill() {
    drillsA.refuse(
        FakeControlPlane.error(
            Code.FAILED_PRECONDITION, "DRILL_UNDER_WAY", "One is under way.", Map.of()));
    Harness.Run run = drill("--kind", "switchover");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("refused (DRILL_UNDER_WAY): One is under way.");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theLeadersNameConfirmsIt() {
    drillsA.standsAgainst("TRADING_HOURS", "it is 12:00 on a Friday", true);
    harness.terminal.types("quarterly", "b");
    Harness.Run run =
        harness.run(
            "drill",
            "run",
            "--kind",
            "crash",
            "--overrule",
            "TRADING_HOURS",
            "--report",
            folder.toString());
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(run.err())
        .contains("Drill crash of live:\n  1. a hands over to b\n  2. b hands back to a\n")
        .contains("  overruled by you: it is 12:00 on a Friday\n")
        .contains("Type the name of the leading node (a) to go on: ");
    assertThat(drillsA.started).isEmpty();
  }

  @Test
  void withoutYesAndWithoutATerminalNothingHappens() {
    Harness.Run run = harness.run("drill", "run", "--kind", "crash", "-m", "r");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(drillsA.started).isEmpty();
  }

  @Test
  void aDryRunChangesNothing() {
    Harness.Run run = drill("--kind", "crash", "--dry-run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Dry run, nothing was changed (live)");
    assertThat(drillsA.started.getFirst().getMutation().getDryRun()).isTrue();
  }

  @Test
  void aReportThatHasNoPlaceKeepsTheDrillFromBeginning() throws Exception {
    Path taken = Files.createFile(folder.resolve("taken"));
    Harness.Run run = harness.run("drill", "run", "-y", "-m", "r", "--report", taken.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(drillsA.started).isEmpty();
  }

  @Test
  void whoDoesNotWaitIsToldThatItHasBegun() {
    Harness.Run run = drill("--kind", "crash", "--no-wait");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("Done (live): the drill is on record\n");
  }

  @Test
  void anInterruptLeavesTheDrillToTheCluster() {
    script.add(() -> become(SampleDrills.accepted(DrillKind.DRILL_KIND_CRASH)));
    script.add(() -> harness.lastWords.forEach(Runnable::run));
    Harness.Run run = drill("--kind", "crash");
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(run.err())
        .contains("the drill goes on by itself: see `understudy drill list`")
        .contains("understudy drill report " + id());
    assertThat(drillsA.aborted).isEmpty();
  }

  @Test
  void anInterruptAtATerminalMayAbort() {
    script.add(() -> become(SampleDrills.accepted(DrillKind.DRILL_KIND_CRASH)));
    script.add(() -> {
      harness.terminal.types("a");
      harness.lastWords.forEach(Runnable::run);
    });
    Harness.Run run = drill("--kind", "crash");
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(run.err())
        .contains("Type a to abort it and fall back")
        .contains("understudy: the drill was aborted, a goes on serving");
    assertThat(drillsA.aborted.getFirst().getDrill()).isEqualTo(id());
  }

  @Test
  void asJsonTheDrillIsTheDocumentAndItsStagesAreLines() throws Exception {
    script.add(() -> stage(DrillStage.DRILL_STAGE_FAULT, "hands over to b"));
    script.add(() -> become(SampleDrills.passed()));
    Harness.Run run = drill("--kind", "switchover", "-o", "json");
    assertThat(run.out()).startsWith("{\n").contains("\"stage\": \"DRILL_STAGE_PASSED\"");
    assertThat(run.err().lines().filter(line -> line.contains("\"DRILL_STAGE_FAULT\""))).hasSize(1);
  }

  private Harness.Run drill(String... options) {
    String[] arguments = new String[options.length + 7];
    String[] fixed = {"drill", "run", "-y", "-m", "quarterly", "--report", folder.toString()};
    System.arraycopy(fixed, 0, arguments, 0, fixed.length);
    System.arraycopy(options, 0, arguments, fixed.length, options.length);
    return harness.run(arguments);
  }

  /** Both nodes read the same record. */
  private void become(Drill.Builder drill) {
    drillsA.become(drill.clone());
    Drill now = drillsA.drills.getFirst();
    drillsB.drills.removeIf(known -> known.getId().equals(now.getId()));
    drillsB.drills.addFirst(now);
  }

  private void stage(DrillStage stage, String sentence) {
    become(
        SampleDrills.accepted(DrillKind.DRILL_KIND_SWITCHOVER)
            .setStage(stage)
            .setSentence(sentence));
  }

  private void recovered(DrillStage stage) {
    become(
        SampleDrills.passed().clearEndedAt().setStage(stage).setSentence("b serves under epoch 8"));
  }

  private void recoveredCrash(DrillStage stage) {
    Drill.Builder drill = SampleDrills.passed().setStage(stage).setSentence("b serves");
    drill.getPlanBuilder().setKind(DrillKind.DRILL_KIND_CRASH).setFallBack(false);
    become(drill);
  }

  private void serves(String node) {
    Cluster.Builder cluster = Clusters.serving().toBuilder();
    boolean first = node.equals("a");
    cluster.getGatewaysBuilder(0).setLeader(node).setEpoch(first ? 9 : 8);
    cluster
        .getGatewaysBuilder(0)
        .getCellsBuilder(first ? 0 : 1)
        .setPhase(Phase.PHASE_SERVING)
        .setEpoch(first ? 9 : 8);
    cluster
        .getGatewaysBuilder(0)
        .getCellsBuilder(first ? 1 : 0)
        .setPhase(Phase.PHASE_STANDBY)
        .setEpoch(0);
    a.become(cluster.build());
    b.become(cluster.setAnsweredBy("b").build());
  }

  /** Until two more requests have come through it. */
  private static void awaitRequests(StandInRelay relay) {
    int wanted = relay.requests().size() + 2;
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (relay.requests().size() < wanted) {
      assertThat(System.nanoTime() - end).isNegative();
      Thread.onSpinWait();
    }
  }

  private String id() {
    return drillsA.started.getFirst().getMutation().getRequestId();
  }

  private String report(String end) throws IOException {
    return Files.readString(folder.resolve("drill-live-20261114T150000Z-" + end));
  }
}
