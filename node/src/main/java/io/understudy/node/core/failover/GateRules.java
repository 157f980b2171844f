package io.understudy.node.core.failover;

import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import java.time.Duration;
import java.util.Optional;

/**
 * GateAfterReconcile: the relay is open only while this cell serves, which it does only after
 * positions were reconciled in this epoch, with the lease running, the session not known to be
 * lost, and no trading halt.
 */
final class GateRules {
  private static final Duration OPEN_AGAIN = Duration.ofSeconds(1);

  private GateRules() {}

  static void apply(CellPass cell) {
    boolean wanted =
        cell.phase() == Phase.SERVING
            && cell.leaseHeld()
            && !cell.directives().tradingHalted()
            && notKnownToBeLost(cell);
    switch (cell.gate) {
      case CellState.Shut shut -> {
        if (wanted && cell.due(shut.openAgainAt())) {
          Epoch epoch = cell.epoch;
          EffectId effect =
              cell.effect(id -> new Effect.OpenRelay(new EffectId(id), cell.gateway(), epoch));
          cell.gate = new CellState.Opening(effect, epoch);
        }
      }
      case CellState.Opening opening -> {
        if (!wanted) {
          shut(cell);
        } else if (cell.finished(opening.effect())) {
          boolean open = cell.succeeded(opening.effect());
          cell.gate =
              open
                  ? new CellState.Open(opening.epoch())
                  : new CellState.Shut(cell.now.monotonic().plus(OPEN_AGAIN));
          if (!open) {
            cell.explain("RelayDoesNotOpen", cell.failure(opening.effect()));
          }
        }
      }
      case CellState.Open open -> {
        if (!wanted || !open.epoch().equals(cell.epoch)) {
          shut(cell);
        }
      }
      case CellState.Shutting shutting -> {
        if (cell.finished(shutting.effect())) {
          cell.gate = new CellState.Shut(cell.now.monotonic());
        }
      }
    }
  }

  private static boolean notKnownToBeLost(CellPass cell) {
    return switch (cell.status().session()) {
      case ESTABLISHED, UNKNOWN -> true;
      case LOGGED_OUT, NOT_ESTABLISHED, COMPETING -> false;
    };
  }

  private static void shut(CellPass cell) {
    cell.gate =
        new CellState.Shutting(
            cell.effect(id -> new Effect.ShutRelay(new EffectId(id), cell.gateway())));
  }

  /** Looks at the gateway when it is due. */
  static void probe(CellPass cell) {
    if (cell.probe.isPresent()) {
      if (!cell.finished(cell.probe.orElseThrow())) {
        return;
      }
      cell.probe = Optional.empty();
    }
    boolean idle = cell.phase() == Phase.SELF_FENCING || cell.phase() == Phase.CEDING;
    if (!idle && cell.due(cell.nextProbeAt)) {
      cell.nextProbeAt = cell.now.monotonic().plus(cell.settings.probeInterval());
      cell.probe =
          Optional.of(cell.effect(id -> new Effect.ProbeGateway(new EffectId(id), cell.gateway())));
    }
  }

  /** A standby that could take over this moment. */
  static boolean ready(CellPass cell) {
    boolean up =
        !cell.settings.warm() || cell.status().process() == GatewayStatus.ProcessState.LISTENING;
    return cell.phase() == Phase.STANDBY
        && cell.harmless
        && up
        && cell.mayAct()
        && !cell.seen.stopRequested()
        && cell.due(cell.standAgainAt);
  }
}
