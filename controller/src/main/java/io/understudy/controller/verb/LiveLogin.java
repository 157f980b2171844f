package io.understudy.controller.verb;

import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.Gateway;
import java.util.Optional;

/** Whether a gateway is logged in somewhere, or about to be. */
final class LiveLogin {
  private LiveLogin() {}

  /** The cell that has the login; a doubtful one counts. */
  static Optional<Cell> of(Gateway gateway) {
    return gateway.getCellsList().stream().filter(LiveLogin::has).findFirst();
  }

  private static boolean has(Cell cell) {
    boolean session =
        cell.getSession() == BrokerageSession.BROKERAGE_SESSION_ESTABLISHED
            || cell.getSession() == BrokerageSession.BROKERAGE_SESSION_COMPETING;
    return session
        || switch (cell.getPhase()) {
          case PHASE_LOGGING_IN, PHASE_VERIFYING, PHASE_RECONCILING, PHASE_SERVING, PHASE_CEDING ->
              true;
          case PHASE_UNSPECIFIED,
              PHASE_STANDBY,
              PHASE_CLAIMING,
              PHASE_FENCING,
              PHASE_SELF_FENCING,
              PHASE_NEEDS_OPERATOR,
              UNRECOGNIZED ->
              false;
        };
  }
}
