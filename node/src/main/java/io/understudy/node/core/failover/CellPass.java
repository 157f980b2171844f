package io.understudy.node.core.failover;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.failover.GuardedWrite.Condition;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.failover.GuardedWrite.Update;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.positions.ReconciliationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * One pass over one cell: the facts it decides from, the state it builds, the effects it asks for.
 * Lives within one call of {@link NodeDecider#decide}; mutable inside, pure outside. The rules of
 * each phase stand in the {@code …Rules} classes.
 */
final class CellPass {
  /** A switchover that has not happened by then is forgotten. */
  static final Duration SWITCHOVER_MAX = Duration.ofMinutes(2);

  final NodeSettings node;
  final CellSettings settings;
  final Observations seen;
  final Now now;
  private final NodePass nodePass;
  private final Optional<GatewayRecords> records;
  private final Optional<Observations.Look> look;
  private final GatewayStatus status;

  Stage stage;
  private Phase phase;
  Epoch epoch;
  Epoch actedUnder;
  MonotonicTime since;
  private Instant sinceWall;
  private EffectId sinceEffect;
  private Reason reason;
  CellState.Gate gate;
  Optional<EffectId> membership;
  MonotonicTime standAgainAt;
  MonotonicTime recordsNeededAfter;
  Optional<EffectId> probe;
  MonotonicTime nextProbeAt;
  boolean harmless;
  boolean loginOrdered;
  Optional<MonotonicTime> lastRetake;
  ImmutableList<MonotonicTime> cedes;
  Optional<CellState.PendingCommand> command;
  String handledReconcile;
  Optional<ReconciliationReport> report;
  Optional<NodeId> outlived;
  AccountPoll accountPoll;
  DrillWork drill;

  CellPass(NodePass nodePass, CellSettings settings, CellState state) {
    this.nodePass = nodePass;
    this.node = nodePass.settings;
    this.settings = settings;
    this.seen = nodePass.seen;
    this.now = nodePass.now;
    records = seen.snapshot().flatMap(s -> Optional.ofNullable(s.gateways().get(gateway())));
    look = Optional.ofNullable(seen.gateways().get(gateway()));
    status = look.map(Observations.Look::status).orElse(GatewayStatus.UNSEEN);
    stage = state.stage();
    phase = stage.phase();
    epoch = state.epoch();
    actedUnder = state.actedUnder();
    since = state.since();
    sinceWall = state.sinceWall();
    sinceEffect = state.sinceEffect();
    reason = state.reason();
    gate = state.gate();
    membership = state.membership();
    standAgainAt = state.standAgainAt();
    recordsNeededAfter = state.recordsNeededAfter();
    probe = state.probe();
    nextProbeAt = state.nextProbeAt();
    harmless = state.harmless();
    loginOrdered = state.loginOrdered();
    lastRetake = state.lastRetake();
    cedes = state.cedes();
    command = state.command();
    handledReconcile = state.handledReconcile();
    report = state.report();
    outlived = state.outlived();
    accountPoll = state.accountPoll();
    drill = state.drill();
  }

  CellState result() {
    checkState(stage.phase() == phase, "%s without a transition from %s", stage, phase);
    return new CellState(
        gateway(),
        stage,
        epoch,
        actedUnder,
        since,
        sinceWall,
        sinceEffect,
        reason,
        gate,
        membership,
        standAgainAt,
        recordsNeededAfter,
        probe,
        nextProbeAt,
        harmless,
        loginOrdered,
        lastRetake,
        cedes,
        command,
        handledReconcile,
        report,
        outlived,
        accountPoll,
        drill);
  }

  // ---- facts

  GatewayId gateway() {
    return settings.gateway();
  }

  Phase phase() {
    return phase;
  }

  Reason reason() {
    return reason;
  }

  Instant sinceWall() {
    return sinceWall;
  }

  boolean gateOpen() {
    return gate instanceof CellState.Open;
  }

  /** What others are told: a gate counts as open until its shutting is confirmed. */
  boolean gateShownOpen() {
    return gate instanceof CellState.Open || gate instanceof CellState.Shutting;
  }

  boolean leaseHeld() {
    return nodePass.leaseHeld;
  }

  /** Coordination answers and the lease runs: something new may be started. */
  boolean mayAct() {
    return seen.connected() && leaseHeld();
  }

  /** The gateway's records, if they were read. */
  Optional<GatewayRecords> records() {
    return records;
  }

  /** The records, if no acknowledged write of ours can be missing in them. */
  Optional<GatewayRecords> freshRecords() {
    return seen.snapshotStartedAt().isAfter(recordsNeededAfter) ? records() : Optional.empty();
  }

  boolean elected() {
    return records().map(r -> r.election().ownFirst()).orElse(false);
  }

  Directives directives() {
    return records().map(r -> r.directives().value()).orElse(Directives.NONE);
  }

  LoginLedger ledger() {
    return records().map(r -> r.ledger().value()).orElse(LoginLedger.EMPTY);
  }

  GatewayStatus status() {
    return status;
  }

  /** When the gateway was last looked at; the pass's beginning of time if never. */
  Optional<MonotonicTime> lookedAt() {
    return look.map(Observations.Look::at);
  }

  boolean lookedSince(MonotonicTime time) {
    return lookedAt().filter(at -> at.isAfter(time)).isPresent();
  }

  /** Looked at, by a look that began after this phase did: an earlier one may show what was. */
  boolean lookedInPhase() {
    return look.filter(last -> last.effect().compareTo(sinceEffect) >= 0).isPresent();
  }

  /** The switchover under way, unless it has expired or its target is gone. */
  Optional<Directives.Switchover> switchover() {
    return directives()
        .switchover()
        .filter(s -> !elapsed(s.at(), SWITCHOVER_MAX))
        .filter(s -> seen.snapshot().map(c -> c.nodes().containsKey(s.target())).orElse(true));
  }

  /** The claim on record is ours and of this epoch. */
  boolean claimIsOurs(GatewayRecords records) {
    return records
        .claim()
        .value()
        .filter(claim -> claim.epoch().equals(epoch) && isUs(claim))
        .isPresent();
  }

  boolean isUs(Claim claim) {
    return claim.node().equals(node.self()) && claim.instance().equals(node.instance());
  }

  /** A standby elsewhere that says it could take over now. */
  Optional<NodeId> readyElsewhere() {
    return seen.snapshot().stream()
        .flatMap(snapshot -> snapshot.nodes().values().stream())
        .filter(record -> !record.node().equals(node.self()))
        .filter(record -> record.cell(gateway()).map(NodeRecord.CellRecord::ready).orElse(false))
        .map(NodeRecord::node)
        .findFirst();
  }

  /** The gateway's cell on that node, as it last wrote of itself. */
  Optional<NodeRecord.CellRecord> cellAt(NodeId other) {
    return seen.snapshot()
        .map(snapshot -> snapshot.nodes().get(other))
        .flatMap(record -> record.cell(gateway()));
  }

  ImmutableMap<NodeId, WatchedPeer> peers() {
    return nodePass.peers;
  }

  /** What the takeover must say of a former leader that does not know that it is one. */
  String outlivedClause() {
    return outlived
        .map(former ->
            "; node "
                + former
                + " still says that it acts, although its registration is gone, so positions are"
                + " compared strictly")
        .orElse("");
  }

  Duration inPhase() {
    return now.monotonic().since(since);
  }

  Optional<Observation> outcome(EffectId effect) {
    return Optional.ofNullable(seen.outcomes().get(effect));
  }

  boolean finished(EffectId effect) {
    return seen.outcomes().containsKey(effect);
  }

  boolean succeeded(EffectId effect) {
    return seen.outcomes().get(effect) instanceof Observation.EffectFinished end && end.succeeded();
  }

  String failure(EffectId effect) {
    return seen.outcomes().get(effect) instanceof Observation.EffectFinished end
        ? end.sentence()
        : "no answer";
  }

  boolean due(MonotonicTime time) {
    if (!now.monotonic().isBefore(time)) {
      return true;
    }
    wakeAt(time);
    return false;
  }

  /** As {@link #due}, by the wall clock. */
  boolean reached(Instant time) {
    return isOver(Duration.between(now.wall(), time));
  }

  /** As {@link #reached}, so long after a time that is on record and may be any. */
  boolean elapsed(Instant from, Duration wait) {
    return isOver(wait.minus(Duration.between(from, now.wall())));
  }

  private boolean isOver(Duration left) {
    if (!left.isPositive()) {
      return true;
    }
    if (left.compareTo(NodeDecider.WAKE_MAX) < 0) {
      wakeIn(left);
    }
    return false;
  }

  // ---- effects

  void wakeAt(MonotonicTime time) {
    nodePass.wakeAt(time);
  }

  void wakeIn(Duration duration) {
    nodePass.wakeAt(now.monotonic().plus(duration));
  }

  /** Names something that happens once in this life, so that it can be found on record. */
  String once() {
    return epoch + "-" + nodePass.nextEffect();
  }

  /** Asks for an effect and returns its id. */
  @CanIgnoreReturnValue
  EffectId effect(LongFunction<Effect> make) {
    return nodePass.effect(make);
  }

  /** The effect that the step of ceding waits for, asked for if there is none yet. */
  EffectId effectFor(Stage.Ceding stage, LongFunction<Effect> make) {
    return stage.effect().orElseGet(() -> effect(make));
  }

  /** Writes under our ticket; the answer is not looked at, the records are read back. */
  Optional<EffectId> write(
      GatewayRecords records,
      ImmutableList<Condition> conditions,
      ImmutableList<Update> updates,
      Optional<HistoryEntry> history) {
    Optional<ElectionTicket> ticket = records.election().own();
    if (ticket.isEmpty() || !seen.connected()) {
      return Optional.empty();
    }
    GuardedWrite write =
        new GuardedWrite(gateway(), ticket.orElseThrow(), conditions, updates, history);
    return Optional.of(effect(id -> new Effect.Write(new EffectId(id), write)));
  }

  /**
   * Whether a write is over and its result can be read in the records. While it is in flight:
   * false. After its end the records that were read before it no longer count.
   */
  boolean settled(Optional<EffectId> write) {
    if (write.isEmpty()) {
      return true;
    }
    if (!finished(write.orElseThrow())) {
      return false;
    }
    recordsNeededAfter = now.monotonic();
    return true;
  }

  static Condition unchanged(RecordName name, Versioned<?> record) {
    return new Condition(name, record.version());
  }

  /** Our claim and our custody must still stand: what every login write checks. */
  ImmutableList<Condition> stillEntitled(GatewayRecords records) {
    return ImmutableList.of(
        unchanged(RecordName.CLAIM, records.claim()),
        unchanged(RecordName.CUSTODY, records.custody()));
  }

  HistoryEntry history(String kind, String sentence) {
    return new HistoryEntry(now.wall(), node.self(), epoch, kind, node.self().value(), sentence);
  }

  // ---- transitions

  void explain(String code, String sentence) {
    reason = new Reason(code, sentence);
  }

  /** The one place where a cell changes its phase. */
  void transition(Signal signal, Stage next, String code, String sentence) {
    Phase from = phase;
    Phase to = PhaseTable.next(from, signal);
    if (to != next.phase()) {
      throw new IllegalStateException(from + " on " + signal + " leads to " + to + ", not " + next);
    }
    stage = next;
    phase = to;
    since = now.monotonic();
    sinceWall = now.wall();
    sinceEffect = new EffectId(nodePass.nextEffect());
    // The rules of the new phase have their turn at once.
    wakeAt(since);
    explain(code, sentence);
    if (to == Phase.STANDBY) {
      epoch = Epoch.NONE;
      report = Optional.empty();
      outlived = Optional.empty();
    }
    Epoch under = next instanceof Stage.Claiming claiming ? claiming.next() : actedUnder;
    nodePass.transitioned(new Decision.Transition(gateway(), from, to, signal, under, reason));
    drill = drill.passed(new DrillMark(now.wall(), node.self(), under, DrillWork.name(to)));
    if (to == Phase.SERVING || to == Phase.NEEDS_OPERATOR) {
      loginOrdered = false;
    }
    if (to == Phase.SERVING || to == Phase.NEEDS_OPERATOR || to == Phase.SELF_FENCING) {
      effect(id -> new Effect.RecordHistory(new EffectId(id), gateway(), history(code, sentence)));
    }
  }
}
