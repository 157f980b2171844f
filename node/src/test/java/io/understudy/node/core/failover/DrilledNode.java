package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.drill.DrillSight;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeCoordination;
import io.understudy.node.spi.FakeEnsemble;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** Node a serves under the first epoch, node b is ready, and drills can be asked for. */
abstract class DrilledNode {
  static final NodeId B = new NodeId("b");
  static final ImmutableList<ServerView> ALL_UP =
      ImmutableList.of(
          new ServerView("a:2281", true, "follower"),
          new ServerView("b:2281", true, "leader"),
          new ServerView("w:2281", true, "follower"));
  static final Duration TIMEOUT = Duration.ofMinutes(3);
  static final DrillSettings MEANS = DrillSettings.DEFAULT.withMeans(true, true);

  final FakeEnsemble ensemble = new FakeEnsemble(ImmutableList.of(OneNode.LIVE));
  FakeCoordination b = ensemble.driver();
  OneNode node;
  long calls;

  @BeforeEach
  void startPair() throws DriverException {
    node = OneNode.begun(ensemble, SecondFactorKind.NONE, MEANS);
    serves();
    b.start(recordOfB(true), new Deaf(), Duration.ofSeconds(1));
    b.join(OneNode.LIVE);
    node.waits(Duration.ofMillis(500));
  }

  void serves() {
    node.ends(Effect.FenceGateway.class);
    node.waits(Duration.ofSeconds(2));
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
  }

  void logsIn() {
    node.ends(Effect.StartGateway.class);
    node.gatewayIs(ProcessState.LISTENING, SessionState.ESTABLISHED);
    node.loginEnds(LoginResult.Kind.SUBMITTED);
    node.waits(Duration.ofMillis(1500));
    node.compares();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  NodeRecord recordOfB(boolean ready) {
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

  static DrillPlan plan(DrillKind kind, boolean fallBack) {
    return new DrillPlan(
        kind,
        Optional.empty(),
        fallBack,
        Optional.of(Duration.ofMinutes(1)),
        Optional.of(TIMEOUT),
        ImmutableList.of("RECENT_TAKEOVER"));
  }

  CommandAnswer asks(Command command) {
    calls++;
    node.sees(new Observation.CommandReceived(calls, command));
    Effect.AnswerCommand answer = node.asked(Effect.AnswerCommand.class);
    assertThat(answer.call()).isEqualTo(calls);
    return answer.answer();
  }

  static Command.Meta meta(String request) {
    return new Command.Meta(OneNode.LIVE, request, Epoch.NONE, "quarterly", "olga", false);
  }

  CommandAnswer starts(DrillKind kind) {
    return asks(new Command.StartDrill(meta("drill-1"), plan(kind, false), ALL_UP));
  }

  void begins(DrillKind kind) {
    assertThat(starts(kind)).isInstanceOf(CommandAnswer.Accepted.class);
  }

  void begins(DrillKind kind, boolean fallBack) {
    assertThat(asks(new Command.StartDrill(meta("drill-1"), plan(kind, fallBack), ALL_UP)))
        .isInstanceOf(CommandAnswer.Accepted.class);
  }

  Drill drill() throws DriverException {
    return node.records().drill().value().drill().orElseThrow();
  }

  Directives wishes() throws DriverException {
    return node.records().directives().value();
  }

  static Rejection refused(CommandAnswer answer) {
    assertThat(answer).isInstanceOf(CommandAnswer.Rejected.class);
    return ((CommandAnswer.Rejected) answer).rejection();
  }

  static String code(CommandAnswer answer) {
    assertThat(refused(answer)).isInstanceOf(Rejection.Precondition.class);
    return ((Rejection.Precondition) refused(answer)).code();
  }

  /** A drill that another life, node b's or an earlier one, has begun and whose fault is made. */
  Drill begun(NodeId origin, Epoch epoch, DrillKind kind, boolean fallBack) {
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

  /** Told everything, and does nothing. */
  static final class Deaf implements CoordinationDriver.Listener {
    @Override
    public void connectionChanged(CoordinationDriver.Connection connection) {}

    @Override
    public void changed() {}
  }
}
