package io.understudy.node.core.failover;

import io.understudy.node.core.model.EffectId;
import java.util.Optional;

/** Whether a node waits for an effect; an end that nobody waits for can be forgotten. */
final class Awaited {
  private Awaited() {}

  static boolean by(NodeState state, EffectId effect) {
    if (is(effect, state.renewals().inFlight()) || is(effect, state.reads().inFlight())) {
      return true;
    }
    for (WatchedPeer peer : state.peers().values()) {
      if (is(effect, peer.probe())) {
        return true;
      }
    }
    for (CellState cell : state.cells().values()) {
      if (by(cell, effect)) {
        return true;
      }
    }
    return false;
  }

  private static boolean by(CellState cell, EffectId effect) {
    return is(effect, cell.probe())
        || is(effect, cell.membership())
        || is(effect, cell.accountPoll().read())
        || is(effect, cell.accountPoll().write())
        || is(effect, cell.drill().write())
        || is(effect, cell.drill().injection())
        || is(effect, cell.command().flatMap(CellState.PendingCommand::write))
        || by(cell.gate(), effect)
        || by(cell.stage(), effect);
  }

  private static boolean by(CellState.Gate gate, EffectId effect) {
    return switch (gate) {
      case CellState.Opening opening -> opening.effect().equals(effect);
      case CellState.Shutting shutting -> shutting.effect().equals(effect);
      case CellState.Open _, CellState.Shut _ -> false;
    };
  }

  private static boolean by(Stage stage, EffectId effect) {
    return switch (stage) {
      case Stage.Standby standby -> is(effect, standby.start());
      case Stage.Claiming claiming -> is(effect, claiming.write());
      case Stage.Fencing fencing -> is(effect, fencing.call()) || is(effect, fencing.write());
      case Stage.LoggingIn loggingIn -> by(loggingIn.step(), effect);
      case Stage.Verifying verifying ->
          is(effect, verifying.reopen()) || is(effect, verifying.write());
      case Stage.Reconciling reconciling -> is(effect, reconciling.comparison());
      case Stage.Serving serving -> is(effect, serving.recheck());
      case Stage.Ceding ceding ->
          is(effect, ceding.effect())
              || is(effect, ceding.cutShort().flatMap(Stage.CutShort::login));
      case Stage.SelfFencing selfFencing -> is(effect, selfFencing.fence());
      case Stage.NeedsOperator needsOperator -> is(effect, needsOperator.fence());
    };
  }

  private static boolean by(Stage.LoginStep step, EffectId effect) {
    return switch (step) {
      case Stage.Preparing preparing -> is(effect, preparing.start());
      case Stage.Permitting permitting -> is(effect, permitting.write());
      case Stage.Submitting submitting ->
          submitting.login().equals(effect)
              || is(effect, submitting.grant().flatMap(Stage.CodeGrant::write));
      case Stage.Settling settling -> is(effect, settling.write());
    };
  }

  private static boolean is(EffectId effect, Optional<EffectId> awaited) {
    return awaited.isPresent() && awaited.orElseThrow().equals(effect);
  }
}
