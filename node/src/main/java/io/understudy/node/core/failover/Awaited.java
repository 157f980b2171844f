package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.model.EffectId;
import java.util.Optional;

/** Which effects a node waits for, so that ends nobody waits for can be forgotten. */
final class Awaited {
  private Awaited() {}

  static ImmutableSet<EffectId> by(NodeState state) {
    ImmutableSet.Builder<EffectId> all = ImmutableSet.builder();
    add(all, state.renewal(), state.read());
    for (WatchedPeer peer : state.peers().values()) {
      add(all, peer.probe());
    }
    for (CellState cell : state.cells().values()) {
      add(all, cell);
    }
    return all.build();
  }

  private static void add(ImmutableSet.Builder<EffectId> all, CellState cell) {
    cell.membership().ifPresent(all::add);
    cell.probe().ifPresent(all::add);
    add(all, cell.accountPoll().read(), cell.accountPoll().write());
    add(all, cell.drill().write(), cell.drill().injection());
    cell.command().flatMap(CellState.PendingCommand::write).ifPresent(all::add);
    switch (cell.gate()) {
      case CellState.Opening opening -> all.add(opening.effect());
      case CellState.Shutting shutting -> all.add(shutting.effect());
      case CellState.Open _, CellState.Shut _ -> {}
    }
    switch (cell.stage()) {
      case Stage.Standby standby -> add(all, standby.start());
      case Stage.Claiming claiming -> add(all, claiming.write());
      case Stage.Fencing fencing -> add(all, fencing.call(), fencing.write());
      case Stage.LoggingIn loggingIn -> addLogin(all, loggingIn.step());
      case Stage.Verifying verifying -> add(all, verifying.reopen(), verifying.write());
      case Stage.Reconciling reconciling -> add(all, reconciling.comparison());
      case Stage.Serving serving -> add(all, serving.recheck());
      case Stage.Ceding ceding -> {
        add(all, ceding.effect());
        add(all, ceding.cutShort().flatMap(Stage.CutShort::login));
      }
      case Stage.SelfFencing selfFencing -> add(all, selfFencing.fence());
      case Stage.NeedsOperator needsOperator -> add(all, needsOperator.fence());
    }
  }

  private static void addLogin(ImmutableSet.Builder<EffectId> all, Stage.LoginStep step) {
    switch (step) {
      case Stage.Preparing preparing -> add(all, preparing.start());
      case Stage.Permitting permitting -> add(all, permitting.write());
      case Stage.Submitting submitting -> {
        all.add(submitting.login());
        add(all, submitting.grant().flatMap(Stage.CodeGrant::write));
      }
      case Stage.Settling settling -> add(all, settling.write());
    }
  }

  @SafeVarargs
  private static void add(ImmutableSet.Builder<EffectId> all, Optional<EffectId>... effects) {
    for (Optional<EffectId> effect : effects) {
      effect.ifPresent(all::add);
    }
  }
}
