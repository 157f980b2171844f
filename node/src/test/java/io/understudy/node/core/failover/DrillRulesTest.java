package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillMeasurement;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.drill.DrillSight;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.PreflightCheck;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeCoordination;
import io.understudy.node.spi.FakeEnsemble;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillRulesTest {
  private static final NodeId B = new NodeId("b");
  private static final ImmutableList<ServerView> ALL_UP =
      ImmutableList.of(
          new ServerView("a:2281", true, "follower"),
          new ServerView("b:2281", true, "leader"),
          new ServerView("w:2281", true, "follower"));
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final DrillSettings MEANS = DrillSettings.DEFAULT.withMeans(true, true);

  private final FakeEnsemble ensemble = new FakeEnsemble(ImmutableList.of(OneNode.LIVE));
  private FakeCoordination b = ensemble.driver();
  private OneNode node;
  private long calls;

  /** Node a serves under the first epoch, and node b is ready. */
  DrillRulesTest() throws DriverException {
    node = OneNode.begun(ensemble, SecondFactorKind.NONE, MEANS);
    serves();
    b.start(recordOfB(true), new Deaf(), Duration.ofSeconds(1));
    b.join(OneNode.LIVE);
    node.waits(Duration.ofMillis(500));
  }

  // ---- how to get there

  private void serves() {
    node.ends(Effect.FenceGateway.class);
    node.waits(Duration.ofSeconds(2));
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
  }

  private void logsIn() {
    node.ends(Effect.StartGateway.class);
    node.gatewayIs(ProcessState.LISTENING, SessionState.ESTABLISHED);
    node.loginEnds(LoginResult.Kind.SUBMITTED);
    node.waits(Duration.ofMillis(1500));
    node.compares();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  private NodeRecord recordOfB(boolean ready) {
    return new NodeRecord(
        B,
        new InstanceId("life-b"),
        "b:1",
        "test",
        node.now().wall(),
        Optional.of(Duration.ofSeconds(4)),
        ImmutableList.of(
            new NodeRecord.CellRecord(
                OneNode.LIVE,
                Phase.STANDBY,
                Epoch.NONE,
                node.now().wall(),
                new Reason("Standby", "standby, node a leads"),
                ready,
                false,
                ProcessState.LISTENING,
                SessionState.LOGGED_OUT,
                "logged out",
                Optional.empty())));
  }

  private static DrillPlan plan(DrillKind kind, boolean fallBack) {
    return new DrillPlan(
        kind,
        Optional.empty(),
        fallBack,
        Optional.of(Duration.ofMinutes(1)),
        Optional.of(TIMEOUT),
        ImmutableList.of("RECENT_TAKEOVER"));
  }

  private CommandAnswer asks(Command command) {
    calls++;
    node.sees(new Observation.CommandReceived(calls, command));
    Effect.AnswerCommand answer = node.asked(Effect.AnswerCommand.class);
    assertThat(answer.call()).isEqualTo(calls);
    return answer.answer();
  }

  private static Command.Meta meta(String request) {
    return new Command.Meta(OneNode.LIVE, request, Epoch.NONE, "quarterly", "olga", false);
  }

  private CommandAnswer starts(DrillKind kind) {
    return asks(new Command.StartDrill(meta("drill-1"), plan(kind, false), ALL_UP));
  }

  private void begins(DrillKind kind) {
    assertThat(starts(kind)).isInstanceOf(CommandAnswer.Accepted.class);
  }

  private Drill drill() throws DriverException {
    return node.records().drill().value().drill().orElseThrow();
  }

  private Directives wishes() throws DriverException {
    return node.records().directives().value();
  }

  private static Rejection refused(CommandAnswer answer) {
    assertThat(answer).isInstanceOf(CommandAnswer.Rejected.class);
    return ((CommandAnswer.Rejected) answer).rejection();
  }

  private static String code(CommandAnswer answer) {
    assertThat(refused(answer)).isInstanceOf(Rejection.Precondition.class);
    return ((Rejection.Precondition) refused(answer)).code();
  }

  /** A drill that another life, node b's or an earlier one, has begun and whose fault is made. */
  private Drill begun(NodeId origin, Epoch epoch, DrillKind kind, boolean fallBack) {
    Instant now = node.now().wall();
    DrillSight before = new DrillSight(now, origin, epoch, 2, 0, Optional.empty(), 1);
    return new Drill(
        "drill-9",
        plan(kind, fallBack),
        "olga",
        "quarterly",
        now.minusSeconds(3),
        now.plus(TIMEOUT),
        Optional.empty(),
        DrillStage.FAULT,
        "the fault is made",
        origin,
        new InstanceId("another life"),
        epoch,
        ImmutableList.of(
            new DrillMark(now.minusSeconds(3), origin, epoch, DrillMark.STARTED),
            new DrillMark(now.minusSeconds(1), origin, epoch, DrillMark.FAULT)),
        before,
        Optional.empty(),
        Optional.empty(),
        ImmutableSortedMap.of());
  }

  // ---- preflight

  @Test
  void aHealthyClusterPassesEveryCheckButThatItHasJustBegun() {
    CommandAnswer answer =
        asks(new Command.PlanDrill(meta(""), plan(DrillKind.CRASH, true), ALL_UP));

    assertThat(answer).isInstanceOf(CommandAnswer.Checked.class);
    CommandAnswer.Checked checked = (CommandAnswer.Checked) answer;
    assertThat(checked.checks().stream().filter(check -> !check.passed()))
        .extracting(PreflightCheck::code)
        .containsExactly("RECENT_TAKEOVER");
    assertThat(checked.checks()).allMatch(check -> !check.sentence().isBlank());
    assertThat(checked.steps().getFirst()).contains("node a kills its own process group");
    assertThat(node.decidedAgain()).isEmpty();
  }

  @Test
  void aPlanChangesNothing() throws DriverException {
    CommandAnswer _ = asks(new Command.PlanDrill(meta(""), plan(DrillKind.CRASH, true), ALL_UP));

    assertThat(node.records().drill().value().drill()).isEmpty();
    assertThat(wishes()).isEqualTo(Directives.NONE);
  }

  @Test
  void noDrillBeginsWhileACoordinationServerIsDown() throws DriverException {
    ImmutableList<ServerView> one =
        ImmutableList.of(ALL_UP.getFirst(), new ServerView("b:2281", false, "does not answer"));
    DrillPlan plan =
        new DrillPlan(
            DrillKind.LOGIN_ONLY,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            ImmutableList.of("RECENT_TAKEOVER", "QUORUM_NOT_FULL"));

    assertThat(code(asks(new Command.StartDrill(meta("drill-1"), plan, one))))
        .as("cannot be overruled")
        .isEqualTo("QUORUM_NOT_FULL");
    assertThat(code(asks(new Command.StartDrill(meta("drill-2"), plan, ImmutableList.of()))))
        .as("nobody has looked yet")
        .isEqualTo("QUORUM_NOT_FULL");
    assertThat(node.records().drill().value().drill()).isEmpty();
  }

  @Test
  void noDrillBeginsWithoutAStandbyThatIsReady() throws DriverException {
    b.renew(recordOfB(false));
    node.waits(Duration.ofSeconds(1));

    assertThat(code(starts(DrillKind.LOGIN_ONLY))).isEqualTo("STANDBY_NOT_READY");
  }

  @Test
  void noDrillBeginsWhileANodeOfAnotherVersionIsRegistered() throws DriverException {
    NodeRecord same = recordOfB(true);
    b.renew(
        new NodeRecord(
            same.node(),
            same.instance(),
            same.peerAddress(),
            "older",
            same.at(),
            same.leaseRemaining(),
            same.cells()));
    node.waits(Duration.ofSeconds(1));

    assertThat(code(starts(DrillKind.LOGIN_ONLY))).isEqualTo("VERSION_SKEW");
  }

  @Test
  void soonAfterATakeoverADrillNeedsAWordOfTheOperator() {
    DrillPlan plan =
        new DrillPlan(
            DrillKind.LOGIN_ONLY,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            ImmutableList.of());

    CommandAnswer answer = asks(new Command.StartDrill(meta("drill-1"), plan, ALL_UP));

    assertThat(code(answer)).isEqualTo("RECENT_TAKEOVER");
    assertThat(refused(answer).sentence()).contains("or overrule RECENT_TAKEOVER");
  }

  @Test
  void whilePausedNoDrillBegins() throws DriverException {
    node.wishes(Directives.NONE.withPaused(true));

    assertThat(code(starts(DrillKind.SWITCHOVER))).isEqualTo("PAUSED_OR_HALTED");
  }

  @Test
  void aDrillThatWouldReachIntoTradingHoursNeedsAWordOfTheOperator() throws DriverException {
    FakeEnsemble other = new FakeEnsemble(ImmutableList.of(OneNode.LIVE));
    MaintenanceWindow soon =
        new MaintenanceWindow(
            ImmutableSet.copyOf(DayOfWeek.values()),
            LocalTime.of(10, 2),
            LocalTime.of(16, 0),
            ZoneOffset.UTC);
    node =
        OneNode.begun(
            other,
            SecondFactorKind.NONE,
            new DrillSettings(Duration.ofMinutes(1), TIMEOUT, ImmutableList.of(soon), true, true));
    serves();
    b = other.driver();
    b.start(recordOfB(true), new Deaf(), Duration.ofSeconds(1));
    b.join(OneNode.LIVE);
    node.waits(Duration.ofMillis(500));

    assertThat(code(starts(DrillKind.LOGIN_ONLY))).isEqualTo("TRADING_HOURS");
  }

  @Test
  void aNodeWithoutTheMeansRefusesToHarmItself() throws DriverException {
    FakeEnsemble other = new FakeEnsemble(ImmutableList.of(OneNode.LIVE));
    node = OneNode.begun(other, SecondFactorKind.NONE);
    serves();
    b = other.driver();
    b.start(recordOfB(true), new Deaf(), Duration.ofSeconds(1));
    b.join(OneNode.LIVE);
    node.waits(Duration.ofMillis(500));

    assertThat(code(starts(DrillKind.CRASH))).isEqualTo("CRASH_NOT_SUPERVISED");
    assertThat(code(starts(DrillKind.PARTITION))).isEqualTo("PARTITION_NOT_POSSIBLE");
  }

  @Test
  void aNodeThatHoldsAnotherGatewayIsNeitherKilledNorCutOff() throws DriverException {
    GatewayId paper = new GatewayId("paper");
    FakeEnsemble other = new FakeEnsemble(ImmutableList.of(OneNode.LIVE, paper));
    node = OneNode.begun(other, SecondFactorKind.NONE, MEANS);
    serves();
    b = other.driver();
    b.start(recordOfB(true), new Deaf(), Duration.ofSeconds(1));
    b.join(OneNode.LIVE);
    holds(paper);
    node.waits(Duration.ofMillis(500));

    assertThat(code(starts(DrillKind.CRASH))).isEqualTo("OTHER_GATEWAY_HELD");
    assertThat(code(starts(DrillKind.PARTITION))).isEqualTo("OTHER_GATEWAY_HELD");
    begins(DrillKind.GATEWAY_CRASH);
  }

  /** Node a has custody of that gateway, too. */
  private void holds(GatewayId gateway) throws DriverException {
    node.coordination().join(gateway);
    GatewayRecords records =
        Objects.requireNonNull(node.coordination().read().gateways().get(gateway));
    InstanceId life = new InstanceId("life-1");
    Epoch first = Epoch.NONE.next();
    Instant at = node.now().wall();
    GuardedWrite write =
        new GuardedWrite(
            gateway,
            records.election().own().orElseThrow(),
            ImmutableList.of(),
            ImmutableList.of(
                new GuardedWrite.ClaimUpdate(
                    new Claim(first, OneNode.A, life, at), records.claim().version()),
                new GuardedWrite.CustodyUpdate(
                    Optional.of(new Custody(OneNode.A, life, first, at)),
                    records.custody().version())),
            Optional.empty());
    assertThat(node.coordination().write(write)).isEqualTo(GuardedWrite.Result.COMMITTED);
  }

  @Test
  void aRecordThatNobodyUnderstandsIsLeftAloneAndNoDrillBegins() throws DriverException {
    ensemble.spoilDrill(OneNode.LIVE);
    node.waits(Duration.ofSeconds(1));

    assertThat(code(starts(DrillKind.LOGIN_ONLY))).isEqualTo("DRILL_UNDER_WAY");
    node.waits(Duration.ofSeconds(5));
    assertThat(node.records().drill().value().readable()).isFalse();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  // ---- login-only

  private void logsOutAndIn() {
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.Logout.class);
    node.waits(Duration.ofSeconds(2));
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
    node.waits(Duration.ofSeconds(3));
  }

  @Test
  void aLoginOnlyDrillLogsOutAndInAgainOnTheSameNodeAndPasses() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    assertThat(wishes().loggedOut()).isTrue();
    assertThat(node.phase()).isEqualTo(Phase.CEDING);

    logsOutAndIn();

    assertThat(wishes().loggedOut()).isFalse();
    assertThat(drill().stage()).isEqualTo(DrillStage.PASSED);
    assertThat(drill().endedAt()).isPresent();
    assertThat(drill().after().orElseThrow().epoch()).isEqualTo(drill().originEpoch().next());
    assertThat(drill().marks().stream().map(DrillMark::what))
        .containsSubsequence(
            "Started", "Fault", "Ceding", "Claiming", "LoggingIn", "Serving", "GateOpen", "Ended");
  }

  @Test
  void nobodyLogsInBeforeTheLogoutIsConfirmed() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    node.waits(Duration.ofSeconds(20));

    assertThat(wishes().loggedOut()).isTrue();
    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
  }

  @Test
  void aNodeThatHadToFenceItselfWhileItLoggedOutLogsInAgain() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    node.coordination().disconnect();
    node.waits(Duration.ofSeconds(5));
    assertThat(node.phase()).isEqualTo(Phase.SELF_FENCING);
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.FenceGateway.class);
    node.coordination().reconnect();
    assertThat(node.records().custody().value()).as("nobody cleared it").isPresent();
    node.waits(Duration.ofSeconds(4));

    assertThat(wishes().loggedOut()).isFalse();
    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
  }

  @Test
  void aDrillThatIsNotOverByItsDeadlineFailsAndLeavesNoWishBehind() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    node.waits(TIMEOUT.plusSeconds(2));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("not over by its deadline");
    assertThat(wishes().loggedOut()).isFalse();
  }

  // ---- a person wins

  @Test
  void aLogoutByAPersonEndsTheDrillAndStays() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);

    assertThat(asks(new Command.Logout(meta("logout-1"))))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(drill().sentence()).contains("a command of a person wins over a drill");
    assertThat(wishes().loggedOut()).isTrue();
    logsOut();
    node.waits(Duration.ofSeconds(10));
    assertThat(wishes().loggedOut()).isTrue();
    assertThat(node.phase()).isEqualTo(Phase.STANDBY);
  }

  private void logsOut() {
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.Logout.class);
  }

  @Test
  void aFailoverByAPersonReplacesTheHandOverOfTheDrill() throws DriverException {
    begins(DrillKind.SWITCHOVER);
    assertThat(wishes().switchover().orElseThrow().requestId()).isEqualTo("drill-1");

    CommandAnswer answer = asks(new Command.Failover(meta("failover-1"), Optional.of(B), true));

    assertThat(answer).isInstanceOf(CommandAnswer.Accepted.class);
    assertThat(wishes().switchover().orElseThrow().requestId()).isEqualTo("failover-1");
    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
  }

  @Test
  void anUnlockLeavesTheDrillAlone() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);

    assertThat(asks(new Command.UnlockLogins(meta("unlock-1"))))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
  }

  // ---- abort and measurement

  @Test
  void anAbortWithdrawsWhatTheDrillHasAskedFor() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);

    assertThat(asks(new Command.AbortDrill(meta("abort-1"), "drill-1")))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(drill().sentence()).isEqualTo("aborted by olga");
    assertThat(wishes().loggedOut()).isFalse();
    assertThat(code(asks(new Command.AbortDrill(meta("abort-2"), "drill-1"))))
        .isEqualTo("DRILL_ENDED");
  }

  @Test
  void onlyTheDrillOnRecordCanBeAbortedOrMeasured() {
    assertThat(code(asks(new Command.AbortDrill(meta("abort-1"), "drill-7"))))
        .isEqualTo("UNKNOWN_DRILL");
    assertThat(code(asks(new Command.MeasureDrill(meta("measure-1"), "drill-7", SEEN))))
        .isEqualTo("UNKNOWN_DRILL");
  }

  private static final DrillMeasurement SEEN =
      new DrillMeasurement(
          "desk", Duration.ofMillis(100), Duration.ofSeconds(9), Optional.empty(), 300, 210, 0);

  @Test
  void whatAClientSawIsAddedToADrillThatHasEndedAndTheNextDrillKeepsItInTheList()
      throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    logsOutAndIn();

    assertThat(asks(new Command.MeasureDrill(meta("measure-1"), "drill-1", SEEN)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    assertThat(drill().measurement()).contains(SEEN);
    Drill first = drill();
    assertThat(
            asks(
                new Command.StartDrill(meta("drill-2"), plan(DrillKind.LOGIN_ONLY, false), ALL_UP)))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().id()).isEqualTo("drill-2");
    assertThat(node.coordination().pastDrills(OneNode.LIVE, 10)).containsExactly(first);
  }

  @Test
  void whileADrillIsUnderWayNoOtherBegins() {
    begins(DrillKind.LOGIN_ONLY);

    CommandAnswer second =
        asks(new Command.StartDrill(meta("drill-2"), plan(DrillKind.LOGIN_ONLY, false), ALL_UP));

    assertThat(refused(second)).isInstanceOf(Rejection.Precondition.class);
  }

  @Test
  void aStartThatIsRepeatedStartsNothingNew() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    Drill first = drill();

    CommandAnswer again = starts(DrillKind.LOGIN_ONLY);

    assertThat(again).isInstanceOf(CommandAnswer.Accepted.class);
    assertThat(((CommandAnswer.Accepted) again).repeated()).isTrue();
    assertThat(drill()).isEqualTo(first);
  }

  // ---- faults

  @Test
  void theFaultIsAnnouncedBeforeItIsMadeAndAskedForOnce() throws DriverException {
    begins(DrillKind.GATEWAY_CRASH);
    assertThat(drill().stage()).isEqualTo(DrillStage.ACCEPTED);
    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
    node.waits(Duration.ofMillis(2200));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
    Effect.InjectFault fault = node.asked(Effect.InjectFault.class);
    assertThat(fault.epoch()).isEqualTo(drill().originEpoch());
    assertThat(fault.drill()).isEqualTo("drill-1");
    node.ends(Effect.InjectFault.class);
    node.waits(Duration.ofSeconds(30));
    assertThat(node.asks(Effect.InjectFault.class)).as("a second time").isFalse();
    assertThat(node.decidedAgain()).isEmpty();
  }

  @Test
  void aGatewayThatWasKilledIsLoggedInAgainUnderTheSameEpochAndTheDrillPasses()
      throws DriverException {
    begins(DrillKind.GATEWAY_CRASH);
    node.waits(Duration.ofMillis(2200));
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.InjectFault.class);
    node.waits(Duration.ofSeconds(3));
    assertThat(node.phase()).isEqualTo(Phase.LOGGING_IN);
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
    node.waits(Duration.ofSeconds(3));

    assertThat(drill().stage()).isEqualTo(DrillStage.PASSED);
    assertThat(drill().after().orElseThrow().epoch()).isEqualTo(drill().originEpoch());
  }

  @Test
  void aFaultThatCannotBeMadeEndsTheDrill() throws DriverException {
    begins(DrillKind.PARTITION);
    node.waits(Duration.ofMillis(2200));
    assertThat(node.asked(Effect.InjectFault.class).lasting()).isEqualTo(Duration.ofSeconds(45));
    node.fails(Effect.InjectFault.class);
    node.waits(Duration.ofSeconds(1));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("it did not work");
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void anotherLifeThanTheOneThatBeganMakesNoFault() throws DriverException {
    node.finds(begun(OneNode.A, node.cell().epoch(), DrillKind.CRASH, false));
    node.waits(Duration.ofSeconds(30));

    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void aDrillWhoseLeaderHasGoneBeforeTheFaultFailsWithoutOne() throws DriverException {
    node.finds(begun(B, Epoch.NONE, DrillKind.CRASH, false).at(DrillStage.ACCEPTED, "accepted"));
    node.waits(Duration.ofSeconds(5));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("no fault was made");
    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
  }

  @Test
  void noFaultIsMadeWhenTheStandbyIsNoLongerReady() throws DriverException {
    begins(DrillKind.CRASH);
    b.renew(recordOfB(false));
    node.waits(Duration.ofSeconds(4));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("no other node is ready any more");
    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  // ---- recovery and the way back

  @Test
  void whoeverTookOverEndsTheDrillOnceTheFormerLeaderIsThereAgain() throws DriverException {
    b.close();
    node.finds(begun(B, Epoch.NONE, DrillKind.CRASH, false));
    node.waits(Duration.ofSeconds(30));
    assertThat(drill().stage()).isEqualTo(DrillStage.RECOVERED);

    b = ensemble.driver();
    b.start(recordOfB(true), new Deaf(), Duration.ofSeconds(1));
    node.waits(Duration.ofSeconds(2));

    assertThat(drill().sentence()).startsWith("passed: orders passed again");
    assertThat(drill().stage()).isEqualTo(DrillStage.PASSED);
  }

  @Test
  void theWayBackBeginsWhenTheFormerLeaderIsReady() throws DriverException {
    b.renew(recordOfB(false));
    node.finds(begun(B, Epoch.NONE, DrillKind.CRASH, true));
    node.waits(Duration.ofSeconds(20));
    assertThat(drill().stage()).isEqualTo(DrillStage.RECOVERED);
    assertThat(wishes().switchover()).isEmpty();

    b.renew(recordOfB(true));
    node.waits(Duration.ofSeconds(1));

    assertThat(drill().stage()).isEqualTo(DrillStage.FALLING_BACK);
    Directives.Switchover back = wishes().switchover().orElseThrow();
    assertThat(back.target()).isEqualTo(B);
    assertThat(drill().isOwn(back)).isTrue();
    assertThat(node.phase()).isEqualTo(Phase.CEDING);
    assertThat(drill().marks().stream().map(DrillMark::what))
        .containsSubsequence("GateOpen", "FallingBack", "Ceding");
  }

  @Test
  void aWayBackWhoseHandOverIsGoneFailsAndTheLeaderServesOn() throws DriverException {
    Drill back =
        begun(B, Epoch.NONE, DrillKind.CRASH, true)
            .marked(
                new DrillMark(
                    node.now().wall(), OneNode.A, node.cell().epoch(), DrillMark.FALLING_BACK))
            .at(DrillStage.FALLING_BACK, "hands over");
    node.finds(back);
    node.waits(Duration.ofSeconds(2));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("node b did not take over again");
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  /** Told everything, and does nothing. */
  private static final class Deaf implements CoordinationDriver.Listener {
    @Override
    public void connectionChanged(CoordinationDriver.Connection connection) {}

    @Override
    public void changed() {}
  }
}
