package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.AccountFigures;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.account.OrderCounts;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.core.peers.PeerProbe;
import io.understudy.node.core.peers.TunnelSight;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeCoordination;
import io.understudy.node.spi.FakeEnsemble;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The core of node {@code a} with its surroundings in the test's hands: coordination in memory, a
 * clock that moves when told, and a gateway whose every effect waits until the test ends it.
 */
final class OneNode implements CoordinationDriver.Listener {
  static final NodeId A = new NodeId("a");
  static final GatewayId LIVE = new GatewayId("live");
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  private static final Duration STEP = Duration.ofMillis(50);
  private static final int PASSES_MAX = 100;

  private final FakeCoordination coordination;
  private final NodeSettings settings;
  private final Deque<Observation> mailbox = new ArrayDeque<>();
  private final List<Effect> waiting = new ArrayList<>();
  private Instant wall = Instant.parse("2026-03-02T10:00:01Z");
  private MonotonicTime monotonic = new MonotonicTime(1_000_000_000L);
  private Observations seen = Observations.none(monotonic);
  private NodeState state;
  private boolean relaySlow;
  private GatewayStatus gateway =
      GatewayStatus.of(ProcessState.STOPPED, SessionState.LOGGED_OUT, "stopped");

  private OneNode(FakeEnsemble ensemble, SecondFactorKind factor, DrillSettings drill) {
    coordination = ensemble.driver();
    settings =
        new NodeSettings(
            A,
            new InstanceId("life-1"),
            "a:1",
            "test",
            LeaseTimings.of(SESSION_TIMEOUT),
            ImmutableList.of(cell(factor, drill)));
    state = NodeState.initial(settings, now());
  }

  /** A process that has just begun and is connected. */
  static OneNode begun(FakeEnsemble ensemble, SecondFactorKind factor) throws DriverException {
    return begun(ensemble, factor, DrillSettings.DEFAULT);
  }

  static OneNode begun(FakeEnsemble ensemble, SecondFactorKind factor, DrillSettings drill)
      throws DriverException {
    OneNode node = new OneNode(ensemble, factor, drill);
    node.pass();
    NodeRecord self = NodeDecider.decide(node.settings, node.seen, node.state, node.now()).self();
    node.coordination.start(self, node, Duration.ofSeconds(1));
    node.pass();
    return node;
  }

  private static CellSettings cell(SecondFactorKind factor, DrillSettings drill) {
    return new CellSettings(
        LIVE,
        factor,
        CellSettings.CompetingPolicy.RETAKE,
        true,
        Duration.ofSeconds(20),
        Duration.ofSeconds(1),
        3,
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        3,
        ImmutableList.of(),
        drill);
  }

  // ---- what it is

  FakeCoordination coordination() {
    return coordination;
  }

  Now now() {
    return new Now(wall, monotonic);
  }

  Phase phase() {
    return cell().stage().phase();
  }

  CellState cell() {
    return state.cells().values().iterator().next();
  }

  /** What it tells others of its cell. */
  NodeRecord.CellRecord record() {
    return NodeDecider.decide(settings, seen, state, now()).self().cell(LIVE).orElseThrow();
  }

  Optional<MonotonicTime> leaseEnd() {
    return seen.lease().flatMap(lease -> lease.end(settings.lease()));
  }

  GatewayRecords records() throws DriverException {
    return coordination.read().gateways().values().iterator().next();
  }

  WatchedPeer peer(NodeId peer) {
    return Objects.requireNonNull(state.peers().get(peer));
  }

  /** What the same input would make it ask for once more. */
  ImmutableList<Effect> decidedAgain() {
    return NodeDecider.decide(settings, seen, state, now()).effects();
  }

  /** How long it wants to be left alone. */
  Duration rests() {
    return NodeDecider.decide(settings, seen, state, now()).wakeAt().since(monotonic);
  }

  // ---- what it has asked for

  boolean asks(Class<? extends Effect> kind) {
    return waiting.stream().anyMatch(kind::isInstance);
  }

  /** The newest of that kind. */
  <E extends Effect> E asked(Class<E> kind) {
    assertThat(waiting).as("effects in flight").hasAtLeastOneElementOfType(kind);
    return waiting.reversed().stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  /** The time steps whose codes were granted so far. */
  ImmutableList<TotpStep> grants() {
    return waiting.stream()
        .filter(Effect.GrantCode.class::isInstance)
        .map(effect -> ((Effect.GrantCode) effect).step())
        .collect(ImmutableList.toImmutableList());
  }

  // ---- how to get there

  void standsBy() {
    ends(Effect.FenceGateway.class);
    waits(Duration.ofSeconds(2));
  }

  void logsIn() {
    standsBy();
    assertThat(phase()).isEqualTo(Phase.LOGGING_IN);
    gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    ends(Effect.StartGateway.class);
    assertThat(asks(Effect.Login.class)).isTrue();
  }

  void reconciles() {
    logsIn();
    gatewayIs(ProcessState.LISTENING, SessionState.ESTABLISHED);
    loginEnds(LoginResult.Kind.SUBMITTED);
    waits(Duration.ofMillis(500));
    assertThat(phase()).isEqualTo(Phase.RECONCILING);
  }

  void serves() {
    reconciles();
    compares();
    assertThat(phase()).isEqualTo(Phase.SERVING);
  }

  // ---- what happens to it

  void sees(Observation observation) {
    mailbox.add(observation);
    pass();
  }

  void ends(Class<? extends Effect> kind) {
    Effect effect = asked(kind);
    waiting.remove(effect);
    sees(new Observation.EffectFinished(effect.id(), true, ""));
  }

  void fails(Class<? extends Effect> kind) {
    Effect effect = asked(kind);
    waiting.remove(effect);
    sees(new Observation.EffectFinished(effect.id(), false, "it did not work"));
  }

  void loginEnds(LoginResult.Kind kind) {
    EffectId login = asked(Effect.Login.class).id();
    waiting.removeIf(effect -> effect.id().equals(login));
    sees(new Observation.LoginFinished(login, LoginResult.of(kind, "said the page")));
  }

  /** The probe of the peer in flight comes to its end. */
  void probeEnds(Optional<PeerAnswer> answer) {
    Effect.ProbePeer probe = asked(Effect.ProbePeer.class);
    waiting.remove(probe);
    sees(
        new Observation.PeerProbed(
            probe.id(),
            probe.node(),
            new PeerProbe(monotonic, answer, new TunnelSight.Unreadable())));
  }

  void compares(Discrepancy... discrepancies) {
    Effect compare = asked(Effect.ComparePositions.class);
    waiting.remove(compare);
    ReconciliationReport report =
        new ReconciliationReport(2, ImmutableList.copyOf(discrepancies), 0, -1);
    sees(new Observation.PositionsCompared(compare.id(), Optional.of(report), ""));
  }

  /** The account is worth this. */
  void readsAccount(String netLiquidation, boolean ordersKnown) {
    AccountFigures figures =
        new AccountFigures(
            "U1", "USD", new BigDecimal(netLiquidation), Optional.empty(), Optional.empty());
    Effect read = asked(Effect.ReadAccount.class);
    waiting.remove(read);
    sees(
        new Observation.AccountRead(
            read.id(),
            LIVE,
            Optional.of(
                new AccountReading(ImmutableList.of(figures), OrderCounts.NONE, ordersKnown)),
            ""));
  }

  void cannotReadAccount() {
    Effect read = asked(Effect.ReadAccount.class);
    waiting.remove(read);
    sees(new Observation.AccountRead(read.id(), LIVE, Optional.empty(), "IBKR did not answer"));
  }

  void gatewayIs(ProcessState process, SessionState session) {
    gateway = GatewayStatus.of(process, session, "looked at");
  }

  /** From now on the relay is not shut before the test says so. */
  void relayIsSlow() {
    relaySlow = true;
  }

  /** An operator's wish, written as another leader would have. */
  void wishes(Directives directives) throws DriverException {
    GatewayRecords records = records();
    GuardedWrite write =
        new GuardedWrite(
            LIVE,
            records.election().own().orElseThrow(),
            ImmutableList.of(),
            ImmutableList.of(
                new GuardedWrite.DirectivesUpdate(directives, records.directives().version())),
            Optional.empty());
    assertThat(coordination.write(write)).isEqualTo(GuardedWrite.Result.COMMITTED);
    pass();
  }

  /** The drill's record, written as another leader would have. */
  void finds(Drill drill) throws DriverException {
    GatewayRecords records = records();
    GuardedWrite write =
        new GuardedWrite(
            LIVE,
            records.election().own().orElseThrow(),
            ImmutableList.of(),
            ImmutableList.of(
                new GuardedWrite.DrillUpdate(drill, Optional.empty(), records.drill().version())),
            Optional.empty());
    assertThat(coordination.write(write)).isEqualTo(GuardedWrite.Result.COMMITTED);
    pass();
  }

  void waits(Duration duration) {
    MonotonicTime until = monotonic.plus(duration);
    while (monotonic.isBefore(until)) {
      monotonic = monotonic.plus(STEP);
      wall = wall.plus(STEP);
      pass();
    }
  }

  /** Somebody sets the clock. */
  void clockIs(Instant time) {
    wall = time;
    pass();
  }

  // ---- the loop

  @Override
  public void connectionChanged(CoordinationDriver.Connection connection) {
    mailbox.add(
        switch (connection) {
          case CONNECTED -> new Observation.Connected();
          case SUSPENDED -> new Observation.Suspended();
          case EXPIRED -> new Observation.SessionExpired();
        });
  }

  @Override
  public void changed() {
    mailbox.add(new Observation.CoordinationChanged());
  }

  /** Folds and decides until nothing new happens. */
  void pass() {
    for (int i = 0; i < PASSES_MAX; i++) {
      while (!mailbox.isEmpty()) {
        seen = seen.with(mailbox.remove(), now());
      }
      Decision decision = NodeDecider.decide(settings, seen, state, now());
      state = decision.next();
      seen = seen.after(decision);
      decision.effects().forEach(this::perform);
      if (decision.effects().isEmpty() && mailbox.isEmpty()) {
        return;
      }
      // Writes and reads take a moment, or no read would be known to be newer than a write.
      monotonic = monotonic.plus(Duration.ofMillis(1));
    }
    throw new AssertionError("The core does not come to rest: " + waiting);
  }

  /** Coordination, looks and the relay answer at once; all else waits for the test. */
  private void perform(Effect effect) {
    switch (effect) {
      case Effect.RenewLease renew ->
          answer(
              renew,
              () ->
                  mailbox.add(
                      new Observation.LeaseRenewed(
                          renew.id(), coordination.renew(renew.self()), monotonic, monotonic)));
      case Effect.ReadCoordination read -> mailbox.add(read(read));
      case Effect.JoinElection join -> finish(join, () -> coordination.join(LIVE));
      case Effect.LeaveElection leave -> finish(leave, () -> coordination.leave(LIVE));
      case Effect.RecordHistory line -> finish(line, () -> coordination.record(LIVE, line.entry()));
      case Effect.Write write ->
          mailbox.add(new Observation.WriteFinished(write.id(), coordination.write(write.write())));
      case Effect.ProbeGateway probe ->
          mailbox.add(new Observation.GatewayProbed(probe.id(), LIVE, gateway));
      case Effect.OpenRelay open -> finish(open, () -> {});
      case Effect.ShutRelay shut when !relaySlow -> finish(shut, () -> {});
      case Effect.ShutRelay _,
          Effect.CallFormerHolder _,
          Effect.ProbePeer _,
          Effect.StartGateway _,
          Effect.Login _,
          Effect.GrantCode _,
          Effect.RefuseCode _,
          Effect.ReopenSession _,
          Effect.Logout _,
          Effect.FenceGateway _,
          Effect.ComparePositions _,
          Effect.ReadAccount _,
          Effect.InjectFault _,
          Effect.AnswerCommand _,
          Effect.AnswerRelinquish _,
          Effect.Exit _ ->
          waiting.add(effect);
    }
  }

  @FunctionalInterface
  private interface Call {
    void run() throws DriverException;
  }

  private void finish(Effect effect, Call call) {
    answer(
        effect,
        () -> {
          call.run();
          mailbox.add(new Observation.EffectFinished(effect.id(), true, ""));
        });
  }

  private void answer(Effect effect, Call call) {
    try {
      call.run();
    } catch (DriverException e) {
      mailbox.add(new Observation.EffectFinished(effect.id(), false, "no answer"));
    }
  }

  private Observation read(Effect.ReadCoordination read) {
    Optional<CoordinationSnapshot> snapshot;
    try {
      snapshot = Optional.of(coordination.read());
    } catch (DriverException e) {
      snapshot = Optional.empty();
    }
    return new Observation.CoordinationRead(read.id(), monotonic, snapshot);
  }
}
