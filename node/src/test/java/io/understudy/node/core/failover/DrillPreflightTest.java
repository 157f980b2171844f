package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.drill.PreflightCheck;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeEnsemble;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whether a drill may begin. */
class DrillPreflightTest extends DrilledNode {
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
    DrillPlan plan = overruling("RECENT_TAKEOVER", "QUORUM_NOT_FULL");

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
    DrillPlan plan = overruling();

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

  private static DrillPlan overruling(String... checks) {
    return new DrillPlan(
        DrillKind.LOGIN_ONLY,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        ImmutableList.copyOf(checks));
  }
}
