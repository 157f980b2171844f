package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.Now;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The decision core: what this node has seen, what it remembers and what time it is, in; the next
 * state and the effects, out. No I/O, no clock, no thread, no randomness: the same input gives the
 * same decision.
 *
 * <p>Level-driven: it decides from what is true now. Deciding twice on the same input asks for
 * nothing new, because effects in flight are part of the state. Between two steps that cross a
 * safety boundary lies an observed outcome, and a write counts as done only when it was read back.
 *
 * <p>Order within a cell's pass: first what stops (the lease ends, deposed, asked to relinquish),
 * then commands, then giving up in good order, then the rules of the phase, last the gate, which
 * follows from all of it, and drills, which only watch or ask. {@link PhaseTable} lists the
 * transitions.
 */
public final class NodeDecider {
  /**
   * The longest rest. A rule that waits longer for a time of the wall clock relies on it, since
   * that clock may be stepped.
   */
  static final Duration WAKE_MAX = Duration.ofSeconds(10);

  private NodeDecider() {}

  /** Decides once. Pure. */
  public static Decision decide(
      NodeSettings settings, Observations seen, NodeState state, Now now) {
    NodePass pass =
        new NodePass(settings, seen, now, state.nextEffect(), now.monotonic().plus(WAKE_MAX));
    pass.peers = PeerRules.watch(pass, state);
    ImmutableMap.Builder<GatewayId, CellState> cells =
        ImmutableMap.builderWithExpectedSize(settings.cells().size());
    ImmutableList.Builder<CellPass> passes =
        ImmutableList.builderWithExpectedSize(settings.cells().size());
    boolean recordsNeeded = false;
    boolean stopped = seen.stopRequested();
    for (CellSettings cellSettings : settings.cells()) {
      CellState before = Objects.requireNonNull(state.cells().get(cellSettings.gateway()));
      CellPass cell = new CellPass(pass, cellSettings, before);
      decideCell(cell, pass);
      passes.add(cell);
      cells.put(cell.gateway(), cell.result());
      recordsNeeded |= !seen.snapshotStartedAt().isAfter(cell.recordsNeededAfter);
      stopped = stopped && isStopped(cell);
    }
    refuseUnknown(settings, pass);
    wakeForLease(pass);
    NodeRecord self = record(pass, passes.build());
    NodeState.Renewals renewals = CoordinationRules.renew(pass, state.renewals(), self);
    NodeState.Reads reads = CoordinationRules.read(pass, state.reads(), recordsNeeded);
    boolean exit = stopped && !state.exiting();
    if (exit) {
      pass.effect(id -> new Effect.Exit(new EffectId(id)));
    }
    NodeState next =
        new NodeState(
            pass.nextEffect(),
            renewals,
            reads,
            cells.buildOrThrow(),
            pass.peers,
            state.exiting() || exit);
    return new Decision(
        next,
        pass.effects(),
        pass.transitions(),
        pass.answeredCalls(),
        reads.inFlight().isPresent() && !reads.inFlight().equals(state.reads().inFlight()),
        pass.wakeAt(),
        self);
  }

  private static void decideCell(CellPass cell, NodePass pass) {
    boolean fenced = CedingRules.selfFence(cell);
    CommandRules.commands(cell, pass);
    if (!fenced && !CedingRules.cedeIfWanted(cell)) {
      endSwitchover(cell);
    }
    GateRules.apply(cell);
    PeerRules.noticeOutlived(cell);
    byPhase(cell);
    relinquishments(cell, pass);
    GateRules.apply(cell);
    GateRules.probe(cell);
    AccountRules.apply(cell);
    DrillRules.apply(cell);
  }

  private static void byPhase(CellPass cell) {
    switch (cell.stage) {
      case Stage.Standby standby -> LeadershipRules.standby(cell, standby);
      case Stage.Claiming claiming -> LeadershipRules.claiming(cell, claiming);
      case Stage.Fencing fencing -> LeadershipRules.fencing(cell, fencing);
      case Stage.LoggingIn loggingIn -> LoginRules.loggingIn(cell, loggingIn);
      case Stage.Verifying verifying -> SessionRules.verifying(cell, verifying);
      case Stage.Reconciling reconciling -> SessionRules.reconciling(cell, reconciling);
      case Stage.Serving serving -> SessionRules.serving(cell, serving);
      case Stage.Ceding ceding -> CedingRules.ceding(cell, ceding);
      case Stage.SelfFencing selfFencing -> CedingRules.selfFencing(cell, selfFencing);
      case Stage.NeedsOperator person -> SessionRules.needsOperator(cell, person);
    }
  }

  /** The target of a switchover has arrived: the directive is done. */
  private static void endSwitchover(CellPass cell) {
    boolean arrived = cell.phase() == Phase.SERVING || cell.phase() == Phase.NEEDS_OPERATOR;
    boolean ours =
        cell.directives()
            .switchover()
            .filter(s -> s.target().equals(cell.node.self()) && cell.epoch.isAfter(s.asOf()))
            .isPresent();
    if (!arrived || !ours || cell.command.isPresent() || cell.freshRecords().isEmpty()) {
      return;
    }
    GatewayRecords records = cell.freshRecords().orElseThrow();
    Directives done = records.directives().value().withSwitchover(Optional.empty());
    HistoryEntry line =
        cell.history("SwitchoverDone", "switchover to node " + cell.node.self() + " is done");
    Optional<EffectId> write =
        cell.write(
            records,
            ImmutableList.of(),
            ImmutableList.of(
                new GuardedWrite.DirectivesUpdate(done, records.directives().version())),
            Optional.of(line));
    if (write.isPresent()) {
      // Not waited for: until a later read shows it gone it is asked for again.
      cell.recordsNeededAfter = cell.now.monotonic();
    }
  }

  /** Answers new leaders once this cell is surely out of the way. */
  private static void relinquishments(CellPass cell, NodePass pass) {
    for (Observation.RelinquishRequested request : cell.seen.relinquishments()) {
      if (!request.gateway().equals(cell.gateway())) {
        continue;
      }
      boolean higher = cell.phase().entitled() && !request.epoch().isAfter(cell.epoch);
      boolean out =
          !cell.phase().entitled() && cell.harmless && cell.gate instanceof CellState.Shut;
      if (!higher && !out) {
        continue;
      }
      Optional<String> refusal =
          higher
              ? Optional.of("node " + cell.node.self() + " acts under epoch " + cell.epoch)
              : Optional.empty();
      Epoch former = cell.actedUnder;
      pass.answered(request.call());
      pass.effect(
          id -> new Effect.AnswerRelinquish(new EffectId(id), request.call(), former, refusal));
    }
  }

  private static void wakeForLease(NodePass pass) {
    if (pass.leaseHeld) {
      pass.selfFenceAt.ifPresent(pass::wakeAt);
    }
  }

  private static boolean isStopped(CellPass cell) {
    return cell.phase() == Phase.STANDBY
        && cell.harmless
        && cell.gate instanceof CellState.Shut
        && !stands(cell)
        && cell.membership.isEmpty();
  }

  private static boolean stands(CellPass cell) {
    return cell.seen.connected()
        && cell.records().map(r -> r.election().own().isPresent()).orElse(false);
  }

  private static void refuseUnknown(NodeSettings settings, NodePass pass) {
    if (pass.seen.commands().isEmpty() && pass.seen.relinquishments().isEmpty()) {
      return;
    }
    ImmutableSet<GatewayId> known =
        settings.cells().stream().map(CellSettings::gateway).collect(ImmutableSet.toImmutableSet());
    for (Observation.CommandReceived received : pass.seen.commands()) {
      GatewayId gateway = received.command().meta().gateway();
      if (!known.contains(gateway)) {
        pass.answer(
            received.call(),
            new CommandAnswer.Rejected(
                new Rejection.UnknownGateway(
                    "there is no gateway '" + gateway + "' (there are: " + known + ")")));
      }
    }
    for (Observation.RelinquishRequested request : pass.seen.relinquishments()) {
      if (!known.contains(request.gateway())) {
        pass.answered(request.call());
        pass.effect(id ->
            new Effect.AnswerRelinquish(
                new EffectId(id),
                request.call(),
                Epoch.NONE,
                Optional.of("there is no gateway '" + request.gateway() + "' here")));
      }
    }
  }

  private static NodeRecord record(NodePass pass, ImmutableList<CellPass> cells) {
    NodeSettings settings = pass.settings;
    Optional<Duration> remaining =
        pass.leaseEnd
            .map(end -> end.since(pass.now.monotonic()))
            .filter(left -> !left.isNegative());
    ImmutableList.Builder<NodeRecord.CellRecord> records =
        ImmutableList.builderWithExpectedSize(cells.size());
    for (CellPass cell : cells) {
      records.add(record(cell));
    }
    return new NodeRecord(
        settings.self(),
        settings.instance(),
        settings.peerAddress(),
        settings.version(),
        pass.now.wall(),
        remaining,
        records.build());
  }

  private static NodeRecord.CellRecord record(CellPass cell) {
    GatewayStatus status = cell.status();
    return new NodeRecord.CellRecord(
        cell.gateway(),
        cell.phase(),
        cell.epoch,
        cell.sinceWall(),
        cell.reason(),
        GateRules.ready(cell),
        cell.gateShownOpen(),
        status.process(),
        status.session(),
        status.detail(),
        cell.report);
  }
}
