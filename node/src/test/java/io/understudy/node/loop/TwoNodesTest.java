package io.understudy.node.loop;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.Position;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TwoNodesTest extends LivePair {

  TwoNodesTest() {
    super(SecondFactorKind.TOTP);
  }

  private static Command.Meta meta(String reason) {
    return new Command.Meta(
        TestNode.LIVE, UUID.randomUUID().toString(), Epoch.NONE, reason, "tester", false);
  }

  private static Directives directives(TestNode node) {
    return node.loop.status().cluster().stream()
        .flatMap(snapshot -> snapshot.gateways().values().stream())
        .map(records -> records.directives().value())
        .findFirst()
        .orElse(Directives.NONE);
  }

  private static Optional<LoginAttempt.Verdict> newest(TestNode node) {
    return node.loop.status().cluster().stream()
        .flatMap(snapshot -> snapshot.gateways().values().stream())
        .flatMap(records -> records.ledger().value().attempts().reverse().stream())
        .map(LoginAttempt::verdict)
        .findFirst();
  }

  @Test
  void onlyANodeWhoseLastFenceIsCertainMayCloseItsSession() throws Exception {
    assertThat(b.loop.fenced()).as("while it runs").isFalse();
    b.gateway.cannotBeFenced(true);
    b.loop.stop();
    eventually("b has ended", () -> b.end().isPresent());
    assertThat(b.loop.fenced()).as("its gateway may still live").isFalse();

    a.stop();
    assertThat(a.loop.fenced()).isTrue();
  }

  @Test
  void aSwitchoverHandsOverAndTheFormerLeaderStandsByAgain() throws Exception {
    CommandAnswer answer = a.ask(new Command.Failover(meta("test"), Optional.of(b.id), false));
    assertThat(answer).isInstanceOf(CommandAnswer.Accepted.class);
    eventually("b serves", b::serves);
    eventually("a stands by", a::standsBy);
    assertThat(b.cell().epoch().isAfter(new Epoch(1))).isTrue();
    assertThat(broker.logins()).isEqualTo(2);
    eventually("the directive is gone", () -> directives(b).switchover().isEmpty());
  }

  @Test
  void theStandbyTakesOverWhenTheLeaderDies() throws Exception {
    nodes.remove(a.id);
    a.die();
    a.coordination().close();
    eventually("b serves", b::serves);
    assertThat(broker.logins()).isEqualTo(2);
    assertThat(b.loop.status().cluster().orElseThrow().nodes()).doesNotContainKey(a.id);
    assertThat(b.loop.status().lastContact()).containsKey(a.id);
  }

  @Test
  void theHighWaterMarkOutlivesTheLeaderThatSetIt() throws Exception {
    a.gateway.isWorth("1000.50");
    eventually(
        "a keeps the mark",
        Duration.ofSeconds(60),
        () -> b.loop.status().cluster().stream().anyMatch(TwoNodesTest::hasMark));
    nodes.remove(a.id);
    a.die();
    a.coordination().close();
    eventually("b serves", b::serves);
    assertThat(b.loop.status().cluster()).hasValueSatisfying(c -> assertThat(hasMark(c)).isTrue());
  }

  private static boolean hasMark(CoordinationSnapshot cluster) {
    return Objects.requireNonNull(cluster.gateways().get(TestNode.LIVE))
        .marks()
        .value()
        .of("U1")
        .filter(mark -> mark.netLiquidation().compareTo(new BigDecimal("1000.50")) == 0)
        .isPresent();
  }

  @Test
  void aRepeatedRequestIsNotCarriedOutTwice() throws Exception {
    Command halt = new Command.HaltTrading(meta("test"));
    assertThat(a.ask(halt)).isInstanceOf(CommandAnswer.Accepted.class);
    eventually("the gate is shut", () -> !a.relay.isOpen());
    assertThat(a.ask(new Command.ResumeTrading(meta("test"))))
        .isInstanceOf(CommandAnswer.Accepted.class);
    eventually("the gate is open", a.relay::isOpen);
    CommandAnswer again = a.ask(halt);
    assertThat(again)
        .isInstanceOfSatisfying(
            CommandAnswer.Accepted.class, accepted -> assertThat(accepted.repeated()).isTrue());
    assertThat(a.relay.isOpen()).isTrue();
  }

  @Test
  void aLoginThatIsCutShortHasItsVerdictWhenTheSuccessorBegins() throws Exception {
    b.gateway.stallsLogins(true);
    assertThat(a.ask(new Command.Failover(meta("test"), Optional.of(b.id), false)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    eventually("b logs in", () -> newest(b).equals(Optional.of(LoginAttempt.Verdict.OPEN)));
    assertThat(b.ask(new Command.Logout(meta("test")))).isInstanceOf(CommandAnswer.Accepted.class);
    eventually("b has given up", () -> b.cell().phase() == Phase.STANDBY);
    eventually(
        "the attempt costs nothing",
        () -> newest(b).equals(Optional.of(LoginAttempt.Verdict.NOT_SUBMITTED)));
    b.gateway.stallsLogins(false);
    assertThat(b.ask(new Command.Login(meta("test")))).isInstanceOf(CommandAnswer.Accepted.class);
    eventually("b serves", b::serves);
  }

  @Test
  void aStandbyRefusesCommandsAndNamesTheLeader() throws Exception {
    CommandAnswer answer = b.ask(new Command.HaltTrading(meta("test")));
    assertThat(answer)
        .isInstanceOfSatisfying(
            CommandAnswer.Rejected.class,
            rejected ->
                assertThat(rejected.rejection())
                    .isInstanceOfSatisfying(
                        Rejection.NotLeader.class,
                        notLeader -> assertThat(notLeader.leader()).contains(a.id)));
  }

  @Test
  void afterALogoutNobodyLogsInUntilLogin() throws Exception {
    assertThat(a.ask(new Command.Logout(meta("test")))).isInstanceOf(CommandAnswer.Accepted.class);
    eventually(
        "a is logged out",
        () ->
            a.cell().phase() == Phase.STANDBY
                && a.cell().reason().code().equals("LoggedOutByOperator"));
    assertThat(broker.holder()).isEmpty();
    assertThat(a.ask(new Command.Login(meta("test")))).isInstanceOf(CommandAnswer.Accepted.class);
    eventually("a serves", a::serves);
    assertThat(broker.logins()).isEqualTo(2);
  }

  @Test
  void aDiscrepancyKeepsTheGateShutUntilItIsAccepted() throws Exception {
    b.expects(ImmutableList.of(new Position("U1", "265598", "STK", new BigDecimal("100"))));
    assertThat(a.ask(new Command.Failover(meta("test"), Optional.of(b.id), false)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    eventually("b needs an operator", () -> b.cell().phase() == Phase.NEEDS_OPERATOR);
    assertThat(b.relay.isOpen()).isFalse();
    ImmutableList<String> ids =
        b.cell().reconciliation().orElseThrow().discrepancies().stream()
            .map(Discrepancy::id)
            .collect(ImmutableList.toImmutableList());
    assertThat(b.ask(new Command.Reconcile(meta("known"), ids)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    eventually("b serves", b::serves);
  }

  @Test
  void threeRefusedLoginsLockUntilAnOperatorUnlocks() throws Exception {
    b.gateway.refuses(LoginResult.of(LoginResult.Kind.CREDENTIALS_REFUSED, "wrong password"));
    assertThat(a.ask(new Command.Failover(meta("test"), Optional.of(b.id), false)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    eventually("b is locked", () -> b.cell().phase() == Phase.NEEDS_OPERATOR);
    assertThat(b.ask(new Command.Login(meta("test"))))
        .isInstanceOfSatisfying(
            CommandAnswer.Rejected.class,
            r -> assertThat(r.rejection()).isInstanceOf(Rejection.LoginBudgetSpent.class));
  }

  @Test
  void aStopGivesUpInGoodOrder() throws Exception {
    a.loop.stop();
    eventually("a has stopped", () -> a.end().isPresent());
    assertThat(a.end()).contains(ControlLoop.End.STOPPED);
    eventually("b serves", b::serves);
  }
}
