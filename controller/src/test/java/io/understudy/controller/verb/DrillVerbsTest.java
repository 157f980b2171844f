package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.controller.Clusters;
import io.understudy.controller.FakeDrills;
import io.understudy.controller.Golden;
import io.understudy.controller.Harness;
import io.understudy.controller.SampleDrills;
import io.understudy.v1.DrillKind;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.DrillStage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verbs of drill that only ask, and that which ends a drill. */
final class DrillVerbsTest {
  private static final String LEADER = "127.0.0.1:7101";

  @TempDir private Path folder;
  private Harness harness;
  private FakeDrills drills;

  @BeforeEach
  void start(@TempDir Path home) {
    harness = new Harness(home);
    harness.variables.put("NO_COLOR", "1");
    var _ = harness.node(LEADER, Clusters.serving());
    drills = harness.drills(LEADER);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void aPlanShowsTheChecksAndTheSteps() throws Exception {
    Harness.Run run = harness.run("drill", "plan", "--kind", "switchover", "--to", "b");
    assertThat(run.out()).isEqualTo(Golden.text("drill-plan.txt"));
    assertThat(run.exitCode()).isZero();
    DrillPlan asked = drills.preflights.getFirst().getPlan();
    assertThat(asked.getKind()).isEqualTo(DrillKind.DRILL_KIND_SWITCHOVER);
    assertThat(asked.getTarget()).isEqualTo("b");
    assertThat(asked.getFallBack()).isTrue();
    assertThat(asked.hasRto()).isFalse();
    assertThat(drills.started).isEmpty();
  }

  @Test
  void optionsOfAllVerbsMayComeFirst() {
    assertThat(harness.run("--gateway", "live", "drill", "plan").exitCode()).isZero();
  }

  @Test
  void aPlanThatACheckStandsAgainstSaysSoAndEndsWithTwo() {
    drills.standsAgainst("TRADING_HOURS", "it is 12:00 on a Friday; wait until 22:00", true);
    Harness.Run run = harness.run("drill", "plan", "--kind", "crash");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out())
        .contains("The drill may not begin: TRADING_HOURS.")
        .contains("(may be overruled: --overrule TRADING_HOURS)");
    run = harness.run("drill", "plan", "--kind", "crash", "--overrule", "trading_hours");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("overruled", "The drill may begin.");
  }

  @Test
  void whatMayNotBeOverruledIsNot() {
    drills.standsAgainst("QUORUM_NOT_FULL", "2 of 3 servers are up", false);
    assertThat(harness.run("drill", "plan", "--overrule", "QUORUM_NOT_FULL").exitCode())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "switchover, DRILL_KIND_SWITCHOVER",
    "crash, DRILL_KIND_CRASH",
    "partition, DRILL_KIND_PARTITION",
    "gateway-crash, DRILL_KIND_GATEWAY_CRASH",
    "LOGIN_ONLY, DRILL_KIND_LOGIN_ONLY",
  })
  void eachKindHasItsWord(String word, DrillKind kind) {
    assertThat(harness.run("drill", "plan", "--kind", word, "--no-fall-back").exitCode()).isZero();
    assertThat(drills.preflights.getFirst().getPlan().getKind()).isEqualTo(kind);
    assertThat(drills.preflights.getFirst().getPlan().getFallBack()).isFalse();
  }

  @Test
  void anUnknownKindNamesTheNearest() {
    Harness.Run run = harness.run("drill", "plan", "--kind", "switch-over");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("(nearest: switchover)");
  }

  @Test
  void aTargetIsForASwitchoverAlone() {
    Harness.Run run = harness.run("drill", "plan", "--kind", "crash", "--to", "b");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("--to is for a switchover");
  }

  @Test
  void anObjectiveAndALimitOfOnesOwnAreSent() {
    harness.run("drill", "plan", "--rto", "90s", "--drill-timeout", "10m");
    DrillPlan asked = drills.preflights.getFirst().getPlan();
    assertThat(asked.getRto().getSeconds()).isEqualTo(90);
    assertThat(asked.getTimeout().getSeconds()).isEqualTo(600);
  }

  @Test
  void aPlanAsJsonIsTheAnswerOfTheNode() {
    Harness.Run run = harness.run("drill", "plan", "-o", "json");
    assertThat(run.out())
        .contains("\"code\": \"NOT_SERVING\"", "\"steps\": [\"a hands over to b\"");
  }

  @Test
  void drillsAreListedNewestFirst() {
    drills.become(SampleDrills.failed().setId("older"));
    drills.become(SampleDrills.passed().setMeasurement(SampleDrills.measured()));
    Harness.Run run = harness.run("drill", "list");
    assertThat(run.out()).isEqualTo(Golden.text("drill-list.txt"));
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void theDrillUnderWayIsAborted() {
    drills.become(SampleDrills.passed().setId("older"));
    drills.become(
        SampleDrills.accepted(DrillKind.DRILL_KIND_CRASH).setStage(DrillStage.DRILL_STAGE_FAULT));
    harness.terminal.types("seen enough", "y");
    Harness.Run run = harness.run("drill", "abort");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("Done (live): the drill was aborted, a goes on serving\n");
    assertThat(drills.aborted.getFirst().getDrill()).isEqualTo(SampleDrills.ID);
    assertThat(drills.aborted.getFirst().getMutation().getReason()).isEqualTo("seen enough");
    assertThat(drills.aborted.getFirst().getMutation().getExpectedEpoch()).isZero();
  }

  @Test
  void withoutADrillUnderWayThereIsNothingToAbort() {
    drills.become(SampleDrills.passed());
    Harness.Run run = harness.run("drill", "abort", "-y", "-m", "r");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("understudy: refused (NO_DRILL): No drill of live is under way.\n");
    assertThat(drills.aborted).isEmpty();
  }

  @Test
  void aReportIsWrittenFromWhatTheClusterRemembers() {
    drills.become(SampleDrills.passed());
    Harness.Run run = harness.run("drill", "report", "5f0c", "--out", folder.toString());
    assertThat(run.exitCode()).isZero();
    Path file = folder.resolve("drill-live-20261114T150000Z-switchover.md");
    assertThat(run.out()).isEqualTo("Wrote " + file + ", with .json and .svg beside it.\n");
    assertThat(file).isRegularFile();
  }

  @Test
  void aReportOfNoKnownDrillSaysSo() {
    Harness.Run run = harness.run("drill", "report", "--out", folder.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("The cluster remembers no drill of live.");
    drills.become(SampleDrills.passed().setId("aa1"));
    drills.become(SampleDrills.passed().setId("aa2"));
    assertThat(harness.run("drill", "report", "b").err()).contains("remembers no drill b of live");
    assertThat(harness.run("drill", "report", "aa").err()).contains("2 drills begin with aa");
  }

  @Test
  void aFolderThatIsAFileIsNamed() throws Exception {
    drills.become(SampleDrills.passed());
    Path taken = Files.createFile(folder.resolve("taken"));
    Harness.Run run = harness.run("drill", "report", "--out", taken.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("No report can be written to " + taken + ": it is a file");
  }

  @Test
  void quartersAreComparedAsATable() throws Exception {
    drills.become(SampleDrills.failed().setId("crash"));
    drills.become(SampleDrills.passed().setMeasurement(SampleDrills.measured()));
    Harness.Run run = harness.run("drill", "report", "--trend");
    assertThat(run.out()).isEqualTo(Golden.text("drill-trend.txt"));
    assertThat(harness.run("drill", "report", "--trend", "-o", "json").out())
        .contains("\"quarter\": \"2026Q4\"", "\"medianRecovery\": 4.25", "\"change\": null");
  }

  @Test
  void theNextSlotIsShownWithTheLineForSystemd() {
    harness.close();
    Harness.Run run = harness.run("drill", "schedule");
    assertThat(run.out())
        .isEqualTo(
            """
            2027Q1: Saturday 2027-02-13 15:00 Z
            For a systemd timer: OnCalendar=Sat *-02,05,08,11-08..14 15:00:00 UTC
            """);
    assertThat(harness.run("drill", "schedule", "--quarter", "2026Q4", "-o", "json").out())
        .contains("\"at\": \"2026-11-14T15:00:00Z\"");
    assertThat(harness.run("drill", "schedule", "--quarter", "soon").err())
        .contains("--quarter: soon (expected: a year and a quarter, as 2027Q1).");
  }
}
