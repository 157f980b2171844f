package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.understudy.controller.Clusters;
import io.understudy.controller.FakeControlPlane;
import io.understudy.controller.Golden;
import io.understudy.controller.Harness;
import io.understudy.v1.Cluster;
import io.understudy.v1.Discrepancy;
import io.understudy.v1.FailoverRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Phase;
import io.understudy.v1.Progress;
import io.understudy.v1.ReconcileRequest;
import io.understudy.v1.Reconciliation;
import io.understudy.v1.Result;
import io.understudy.v1.Result.Outcome;
import io.understudy.v1.SetAutomationRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MutationVerbsTest {
  private static final String LEADER = "127.0.0.1:7101";

  private Harness harness;

  @BeforeEach
  void start(@TempDir Path home) {
    harness = new Harness(home);
    harness.variables.put("NO_COLOR", "1");
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void aLogoutShowsTheClusterAndWantsAReasonAndTheNameOfTheGateway() {
    FakeControlPlane node = leader().end(Outcome.OUTCOME_DONE, "logged out everywhere");
    harness.terminal.types("maintenance at the broker", "live");
    Harness.Run run = harness.run("logout");
    assertThat(run.err()).isEqualTo(Golden.text("logout-prompt.txt"));
    assertThat(run.out()).isEqualTo("Done (live): logged out everywhere\n");
    assertThat(run.exitCode()).isZero();
    MutationRequest request = node.mutations.getFirst();
    assertThat(request.getGateway()).isEqualTo("live");
    assertThat(request.getReason()).isEqualTo("maintenance at the broker");
    assertThat(request.getExpectedEpoch()).isEqualTo(7);
    assertThat(request.getRequestId()).hasSize(36);
    assertThat(request.getDryRun()).isFalse();
  }

  @Test
  void aWrongNameAbortsAndNothingIsSent() {
    FakeControlPlane node = leader();
    harness.terminal.types("reason", "papre");
    Harness.Run run = harness.run("logout");
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(run.err()).endsWith("aborted: The name does not match, nothing was changed.\n");
    assertThat(node.mutations).isEmpty();
  }

  @Test
  void theEndOfInputAtAPromptAborts() {
    FakeControlPlane node = leader();
    harness.terminal.types("reason");
    assertThat(harness.run("logout").exitCode()).isEqualTo(130);
    assertThat(node.mutations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout", "failover", "halt", "unhalt", "login", "unlock", "pause"})
  void verbsThatNeedAReasonAreRefusedWithoutWhenNobodyCanBeAsked(String verb) {
    FakeControlPlane node = leader();
    Harness.Run run = harness.run(verb, "--yes");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "understudy: The history needs a reason, and there is no terminal to ask on: add"
                + " --reason TEXT.\n");
    assertThat(node.mutations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"logout", "failover", "halt", "login", "unlock"})
  void disruptiveVerbsAreRefusedWithoutYesWhenNobodyCanBeAsked(String verb) {
    FakeControlPlane node = leader();
    Harness.Run run = harness.run(verb, "-m", "because");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("there is no terminal to ask on: add --yes.");
    assertThat(node.mutations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume", "unhalt", "reconcile"})
  void harmlessVerbsDoNotAsk(String verb) {
    FakeControlPlane node = leader().end(Outcome.OUTCOME_DONE, "done");
    assertThat(harness.run(verb, "-m", "because").exitCode()).isZero();
    assertThat(node.mutations).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resume", "reconcile"})
  void twoVerbsNeedNoReason(String verb) {
    FakeControlPlane node = leader().end(Outcome.OUTCOME_DONE, "done");
    assertThat(harness.run(verb).exitCode()).isZero();
    assertThat(node.mutations.getFirst().getReason()).isEmpty();
  }

  @Test
  void eachVerbSendsItsOwnRequest() {
    FakeControlPlane node = leader().end(Outcome.OUTCOME_DONE, "done");
    for (String verb : List.of("pause", "resume", "halt", "unhalt", "unlock")) {
      assertThat(harness.run(verb, "-y", "-m", "r").exitCode()).isZero();
    }
    assertThat(((SetAutomationRequest) node.requests.get(0)).getPaused()).isTrue();
    assertThat(((SetAutomationRequest) node.requests.get(1)).getPaused()).isFalse();
    assertThat(node.requests.subList(2, 5)).containsExactly("halt", "unhalt", "unlock");
  }

  @Test
  void noToAYesOrNoQuestionAborts() {
    FakeControlPlane node = leader();
    harness.terminal.types("n");
    Harness.Run run = harness.run("halt", "-m", "because");
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(run.err()).contains("The trading gate of live will be shut", "Go on? [y/N] ");
    assertThat(node.mutations).isEmpty();
  }

  @Test
  void aLoginOfALoggedOutGatewayAsksNothing() {
    FakeControlPlane node =
        harness.node(LEADER, Clusters.loggedOut()).end(Outcome.OUTCOME_DONE, "serving");
    assertThat(harness.run("login", "-m", "r").exitCode()).isZero();
    assertThat(node.mutations).hasSize(1);
  }

  @Test
  void aFailoverWantsTheNameOfTheLeaderAndSendsTargetAndForce() {
    FakeControlPlane node = leader().end(Outcome.OUTCOME_DONE, "b serves");
    harness.terminal.types("a");
    Harness.Run run = harness.run("failover", "--to", "b", "--force", "-m", "drill");
    assertThat(run.err())
        .contains("a will log live out, then b logs in")
        .contains("Type the name of the leading node (a) to go on: ");
    assertThat(run.exitCode()).isZero();
    FailoverRequest request = (FailoverRequest) node.requests.getFirst();
    assertThat(request.getTarget()).isEqualTo("b");
    assertThat(request.getForce()).isTrue();
    assertThat(request.getMutation().getReason()).isEqualTo("drill");
  }

  @Test
  void anUnknownTargetIsAnsweredWithTheKnownNodes() {
    FakeControlPlane node = leader();
    Harness.Run run = harness.run("failover", "--to", "c", "-y", "-m", "drill");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("Cluster demo has no running node c")
        .contains("it has a, b. If the name is right");
    assertThat(node.mutations).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OUTCOME_DONE, 0, Done",
    "OUTCOME_DRY_RUN, 0, 'Dry run, nothing was changed'",
    "OUTCOME_DEGRADED, 3, 'Done, degraded'",
    "OUTCOME_FAILED, 3, Failed",
    "OUTCOME_UNSPECIFIED, 4, Outcome unknown"
  })
  void theOutcomeDecidesTheExitCode(Outcome outcome, int exitCode, String heading) {
    leader().end(outcome, "as it is");
    Harness.Run run = harness.run("failover", "-y", "-m", "drill");
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.out()).isEqualTo(heading + " (live): as it is\n");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(Code.INVALID_ARGUMENT, "INVALID_FIELD", 1),
        Arguments.of(Code.NOT_FOUND, "UNKNOWN_NODE", 1),
        Arguments.of(Code.NOT_FOUND, "UNKNOWN_GATEWAY", 1),
        Arguments.of(Code.ABORTED, "STALE_EPOCH", 2),
        Arguments.of(Code.ABORTED, "OPERATION_IN_PROGRESS", 2),
        Arguments.of(Code.FAILED_PRECONDITION, "PAUSED", 2),
        Arguments.of(Code.FAILED_PRECONDITION, "NOT_READY", 2),
        Arguments.of(Code.FAILED_PRECONDITION, "NOT_RECONCILED", 2),
        Arguments.of(Code.FAILED_PRECONDITION, "SOMETHING_NEW", 2),
        Arguments.of(Code.RESOURCE_EXHAUSTED, "LOGIN_BUDGET", 2),
        Arguments.of(Code.PERMISSION_DENIED, "PERMISSION_DENIED", 2),
        Arguments.of(Code.UNIMPLEMENTED, "UNIMPLEMENTED", 2),
        Arguments.of(Code.DEADLINE_EXCEEDED, "OUTCOME_UNKNOWN", 4),
        Arguments.of(Code.INTERNAL, "INTERNAL", 4),
        Arguments.of(Code.UNAVAILABLE, "NO_QUORUM", 5),
        Arguments.of(Code.UNAVAILABLE, "NO_LEADER", 5));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void everyReasonOfTheApiHasAnExitCodeAndNeverAStackTrace(Code code, String reason, int exitCode) {
    leader().refuse(FakeControlPlane.error(code, reason, "That is so", Map.of()));
    Harness.Run run = harness.run("failover", "-y", "-m", "drill", "--timeout", "1500ms");
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("understudy: ").doesNotContain("\tat ");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aRefusalSaysTheEarliestTimeAndAlsoInJson() {
    leader()
        .refuse(
            FakeControlPlane.error(
                Code.FAILED_PRECONDITION,
                "NOT_READY",
                "b may not lead yet.",
                Map.of("earliest_ms", "3200")));
    Harness.Run run = harness.run("failover", "-y", "-m", "drill", "-o", "json");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            """
            understudy: refused (NOT_READY): b may not lead yet.
            Earliest in 3.2 s, at 12:00:08.
            """);
    assertThat(run.out()).contains("\"reason\": \"NOT_READY\"", "\"earliest\": \"3.200s\"");
  }

  @Test
  void aDryRunAsksNothingAndSaysWhatWouldHappen() {
    FakeControlPlane node = leader().end(Outcome.OUTCOME_DRY_RUN, "b would lead, in about 4 s");
    Harness.Run run = harness.run("failover", "--dry-run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo("Dry run, nothing was changed (live): b would lead, in about 4 s\n");
    assertThat(node.mutations.getFirst().getDryRun()).isTrue();
  }

  @Test
  void aRequestIdOfOnesOwnIsSentAsItIs() {
    FakeControlPlane node = leader().end(Outcome.OUTCOME_DONE, "done");
    harness.run("pause", "-m", "r", "--request-id", "mine");
    assertThat(node.mutations.getFirst().getRequestId()).isEqualTo("mine");
  }

  @Test
  void progressIsPlainLinesInAPipe() {
    leader()
        .tell(
            Clusters.progress(Phase.PHASE_CEDING, "logging out"),
            Clusters.progress(Phase.PHASE_CEDING, "logging out"),
            Clusters.progress(Phase.PHASE_FENCING, "asking a to stop"),
            result());
    Harness.Run run = harness.run("failover", "-y", "-m", "drill");
    assertThat(run.err())
        .isEqualTo(
            """
            live: CEDING on a, logging out
            live: FENCING on a, asking a to stop
            """);
    assertThat(run.out())
        .isEqualTo("Done (live): b serves under epoch 8\n  CEDING 300 ms, LOGGING_IN 1.2 s\n");
  }

  @Test
  void progressIsRedrawnOnAScreen() {
    leader().tell(Clusters.progress(Phase.PHASE_CEDING, "logging out"), result());
    harness.terminal.types("a");
    Harness.Run run = harness.run("failover", "-m", "drill");
    assertThat(run.err()).contains("\r\u001b[K").contains("live: CEDING on a, logging out  ");
  }

  @Test
  void jsonIsOneDocumentOfTheResultAndProgressAsLinesBeside() {
    leader().tell(Clusters.progress(Phase.PHASE_CEDING, "logging out"), result());
    Harness.Run run = harness.run("failover", "-y", "-m", "drill", "-o", "json");
    assertThat(run.out())
        .startsWith("{\n")
        .contains("\"outcome\": \"OUTCOME_DONE\"", "\"CEDING\": \"300\"", "\"epoch\": \"8\"");
    assertThat(run.err().lines())
        .allSatisfy(line -> assertThat(line).startsWith("{\"gateway\":\"live\""));
  }

  @Test
  void aCodeIsReadWithoutEchoAndSentOnTheStream() {
    FakeControlPlane node =
        harness
            .node(LEADER, Clusters.loggedOut())
            .askForCode()
            .end(Outcome.OUTCOME_DONE, "serving");
    harness.terminal.types("123456");
    Harness.Run run = harness.run("login", "-m", "r");
    assertThat(run.exitCode()).isZero();
    assertThat(node.codes).containsExactly("123456");
    assertThat(harness.terminal.secretsRead).isEqualTo(1);
    assertThat(run.err()).contains("One-time code for live: ").doesNotContain("123456");
  }

  @Test
  void aSecondCodeIsAskedForAfterTheFirstWasTaken() {
    Progress waiting = Progress.newBuilder().setGateway("live").setCodeRequested(true).build();
    Progress busy = Progress.newBuilder().setGateway("live").build();
    FakeControlPlane node =
        harness
            .node(LEADER, Clusters.loggedOut())
            .askForCode()
            .reply(observer -> {
              observer.onNext(waiting.toBuilder().setNode("a").build());
              observer.onNext(busy);
              observer.onNext(waiting);
            })
            .end(Outcome.OUTCOME_DONE, "serving");
    harness.terminal.types("111111", "222222");
    assertThat(harness.run("login", "-m", "r").exitCode()).isZero();
    assertThat(node.codes).containsExactly("111111", "222222");
  }

  @Test
  void aCodeIsALineOfStandardInputWhenThereIsNoTerminal() {
    FakeControlPlane node =
        harness
            .node(LEADER, Clusters.loggedOut())
            .askForCode()
            .end(Outcome.OUTCOME_DONE, "serving");
    harness.terminal.typed.add("123456");
    assertThat(harness.run("login", "-m", "r").exitCode()).isZero();
    assertThat(node.codes).containsExactly("123456");
  }

  @Test
  void acceptedDiscrepanciesAreShownAndSent() {
    FakeControlPlane node =
        harness.node(LEADER, withDiscrepancy()).end(Outcome.OUTCOME_DONE, "the gate opened");
    harness.terminal.types("y");
    Harness.Run run = harness.run("reconcile", "--accept", "d1", "-m", "split of the stock");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("d1: AAPL is 90, expected 100");
    assertThat(((ReconcileRequest) node.requests.getFirst()).getAcceptList()).containsExactly("d1");
  }

  @Test
  void anUnknownDiscrepancyIsRefused() {
    FakeControlPlane node = harness.node(LEADER, withDiscrepancy());
    Harness.Run run = harness.run("reconcile", "--accept", "d2", "-y", "-m", "r");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("live has no discrepancy d2 (nearest: d1); it has d1.");
    assertThat(node.mutations).isEmpty();
  }

  @Test
  void severalGatewaysNeedAName() {
    FakeControlPlane node = harness.node(LEADER, Clusters.twoGateways());
    Harness.Run run = harness.run("pause", "-m", "r");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo("understudy: Say which gateway with --gateway; cluster demo has live, paper.\n");
    assertThat(node.mutations).isEmpty();
  }

  @Test
  void nothingIsLeftRegisteredForInterrupts() {
    leader().end(Outcome.OUTCOME_DONE, "done");
    harness.run("pause", "-m", "r");
    assertThat(harness.lastWords).isEmpty();
  }

  private FakeControlPlane leader() {
    return harness.node(LEADER, Clusters.serving());
  }

  private static Progress result() {
    return Progress.newBuilder()
        .setGateway("live")
        .setResult(
            Result.newBuilder()
                .setOutcome(Outcome.OUTCOME_DONE)
                .setSentence("b serves under epoch 8")
                .setEpoch(8)
                .putPhaseMillis("LOGGING_IN", 1200)
                .putPhaseMillis("CEDING", 300)
                .putPhaseMillis("STANDBY", 0))
        .build();
  }

  private static Cluster withDiscrepancy() {
    Cluster.Builder cluster = Clusters.serving().toBuilder();
    cluster
        .getGatewaysBuilder(0)
        .getCellsBuilder(0)
        .setReconciliation(
            Reconciliation.newBuilder()
                .setCompared(3)
                .addDiscrepancies(
                    Discrepancy.newBuilder()
                        .setId("d1")
                        .setInstrument("AAPL")
                        .setExpected("100")
                        .setActual("90")));
    return cluster.build();
  }
}
