package io.understudy.node.wire;

import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.GatewayProcess;
import io.understudy.v1.LoginBudget;
import io.understudy.v1.Reconciliation;

/**
 * The core's records as the messages of {@code cluster.proto}, which people and programs outside
 * see. Pure; any thread.
 */
public final class ShownMessages {
  private ShownMessages() {}

  /**
   * A cell without what only a whole cluster tells: {@code leader} and {@code may_lead_in} are left
   * to the caller.
   */
  public static Cell cell(NodeId node, CellRecord cell) {
    Cell.Builder message =
        Cell.newBuilder()
            .setNode(node.value())
            .setGateway(cell.gateway().value())
            .setPhase(phase(cell.phase()))
            .setEpoch(cell.epoch().number())
            .setSince(WireTimes.timestamp(cell.phaseSince()))
            .setWhy(reason(cell.reason()))
            .setReady(cell.ready())
            .setGateOpen(cell.gateOpen())
            .setProcess(process(cell.process()))
            .setSession(session(cell.session()))
            .setGatewayDetail(cell.gatewayDetail());
    cell.reconciliation().map(ShownMessages::reconciliation).ifPresent(message::setReconciliation);
    return message.build();
  }

  public static io.understudy.v1.Reason reason(Reason reason) {
    return io.understudy.v1.Reason.newBuilder()
        .setCode(reason.code())
        .setSentence(reason.sentence())
        .build();
  }

  public static Reconciliation reconciliation(ReconciliationReport report) {
    Reconciliation.Builder message =
        Reconciliation.newBuilder()
            .setCompared(report.compared())
            .setOpenOrders(report.openOrders());
    if (report.expectedOpenOrders() >= 0) {
      message.setExpectedOpenOrders(report.expectedOpenOrders());
    }
    report.discrepancies().stream()
        .map(ShownMessages::discrepancy)
        .forEach(message::addDiscrepancies);
    return message.build();
  }

  private static io.understudy.v1.Discrepancy discrepancy(Discrepancy discrepancy) {
    return io.understudy.v1.Discrepancy.newBuilder()
        .setId(discrepancy.id())
        .setAccount(discrepancy.account())
        .setInstrument(discrepancy.instrument())
        .setInstrumentClass(discrepancy.instrumentClass())
        .setExpected(discrepancy.expected().toString())
        .setActual(discrepancy.actual().toString())
        .setTolerance(discrepancy.tolerance().toString())
        .build();
  }

  public static io.understudy.v1.Custody custody(Custody custody) {
    return io.understudy.v1.Custody.newBuilder()
        .setNode(custody.node().value())
        .setEpoch(custody.epoch().number())
        .setSince(WireTimes.timestamp(custody.since()))
        .build();
  }

  public static LoginBudget loginBudget(LoginLedger ledger, int failuresMax) {
    LoginBudget.Builder message =
        LoginBudget.newBuilder()
            .setFailuresInRow(ledger.failuresInRow())
            .setFailuresMax(failuresMax)
            .setLockReason(ledger.lockReason());
    ledger.lockedUntil().map(WireTimes::timestamp).ifPresent(message::setLockedUntil);
    return message.build();
  }

  public static io.understudy.v1.Directives directives(Directives directives) {
    return io.understudy.v1.Directives.newBuilder()
        .setPaused(directives.paused())
        .setLoggedOut(directives.loggedOut())
        .setTradingHalted(directives.tradingHalted())
        .setSwitchoverTo(directives.switchover().map(s -> s.target().value()).orElse(""))
        .build();
  }

  public static io.understudy.v1.HistoryEntry historyEntry(GatewayId gateway, HistoryEntry entry) {
    return io.understudy.v1.HistoryEntry.newBuilder()
        .setAt(WireTimes.timestamp(entry.at()))
        .setGateway(gateway.value())
        .setNode(entry.node().value())
        .setEpoch(entry.epoch().number())
        .setKind(entry.kind())
        .setActor(entry.actor())
        .setSentence(entry.sentence())
        .build();
  }

  public static io.understudy.v1.Phase phase(Phase phase) {
    return switch (phase) {
      case STANDBY -> io.understudy.v1.Phase.PHASE_STANDBY;
      case CLAIMING -> io.understudy.v1.Phase.PHASE_CLAIMING;
      case FENCING -> io.understudy.v1.Phase.PHASE_FENCING;
      case LOGGING_IN -> io.understudy.v1.Phase.PHASE_LOGGING_IN;
      case VERIFYING -> io.understudy.v1.Phase.PHASE_VERIFYING;
      case RECONCILING -> io.understudy.v1.Phase.PHASE_RECONCILING;
      case SERVING -> io.understudy.v1.Phase.PHASE_SERVING;
      case CEDING -> io.understudy.v1.Phase.PHASE_CEDING;
      case SELF_FENCING -> io.understudy.v1.Phase.PHASE_SELF_FENCING;
      case NEEDS_OPERATOR -> io.understudy.v1.Phase.PHASE_NEEDS_OPERATOR;
    };
  }

  public static GatewayProcess process(ProcessState process) {
    return switch (process) {
      case UNKNOWN -> GatewayProcess.GATEWAY_PROCESS_UNKNOWN;
      case STOPPED -> GatewayProcess.GATEWAY_PROCESS_STOPPED;
      case STARTING -> GatewayProcess.GATEWAY_PROCESS_STARTING;
      case LISTENING -> GatewayProcess.GATEWAY_PROCESS_LISTENING;
    };
  }

  public static BrokerageSession session(SessionState session) {
    return switch (session) {
      case UNKNOWN -> BrokerageSession.BROKERAGE_SESSION_UNKNOWN;
      case LOGGED_OUT -> BrokerageSession.BROKERAGE_SESSION_LOGGED_OUT;
      case NOT_ESTABLISHED -> BrokerageSession.BROKERAGE_SESSION_NOT_ESTABLISHED;
      case ESTABLISHED -> BrokerageSession.BROKERAGE_SESSION_ESTABLISHED;
      case COMPETING -> BrokerageSession.BROKERAGE_SESSION_COMPETING;
    };
  }
}
