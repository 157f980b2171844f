package io.understudy.node.wire;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.GatewayProcess;
import io.understudy.v1.Reconciliation;
import io.understudy.v1.StoredClaim;
import io.understudy.v1.StoredCustody;
import io.understudy.v1.StoredDirectives;
import io.understudy.v1.StoredHistoryEntry;
import io.understudy.v1.StoredLedger;
import io.understudy.v1.StoredLoginAttempt;
import io.understudy.v1.StoredMark;
import io.understudy.v1.StoredMarks;
import io.understudy.v1.StoredNode;
import io.understudy.v1.StoredRequest;
import io.understudy.v1.StoredSwitchover;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * From the messages of {@code stored.proto} to the core's records. Throws {@link
 * IllegalArgumentException} and its like on values that the core does not know: an unknown word in
 * a record that decides something is an error, never a default.
 */
final class FromStored {
  /** Longer than any amount of money; more digits or zeros would only cost time and memory. */
  private static final int DIGITS_MAX = 64;

  /** The highest format of a record that this version understands; all so far have the first. */
  private static final int FORMAT_MAX = 0;

  private static final String REMEDY =
      ": install the version that wrote it on this node, or a later one";

  private FromStored() {}

  static NodeRecord node(StoredNode message) {
    expectKnownFormat(message.getFormat());
    return new NodeRecord(
        new NodeId(message.getNode()),
        new InstanceId(message.getInstance()),
        message.getPeerAddress(),
        message.getVersion(),
        WireTimes.instant(message.getAt()),
        message.hasLeaseRemaining()
            ? Optional.of(WireTimes.duration(message.getLeaseRemaining()))
            : Optional.empty(),
        message.getCellsList().stream().map(FromStored::cell).collect(toImmutableList()));
  }

  private static CellRecord cell(Cell message) {
    return new CellRecord(
        new GatewayId(message.getGateway()),
        phase(message.getPhase()),
        new Epoch(message.getEpoch()),
        WireTimes.instant(message.getSince()),
        new Reason(message.getWhy().getCode(), message.getWhy().getSentence()),
        message.getReady(),
        message.getGateOpen(),
        process(message.getProcess()),
        session(message.getSession()),
        message.getGatewayDetail(),
        message.hasReconciliation()
            ? Optional.of(reconciliation(message.getReconciliation()))
            : Optional.empty());
  }

  private static ReconciliationReport reconciliation(Reconciliation message) {
    return new ReconciliationReport(
        message.getCompared(),
        message.getDiscrepanciesList().stream()
            .map(FromStored::discrepancy)
            .collect(toImmutableList()),
        message.getOpenOrders(),
        message.hasExpectedOpenOrders() ? message.getExpectedOpenOrders() : -1);
  }

  private static Discrepancy discrepancy(io.understudy.v1.Discrepancy message) {
    return new Discrepancy(
        message.getId(),
        message.getAccount(),
        message.getInstrument(),
        message.getInstrumentClass(),
        new BigDecimal(message.getExpected()),
        new BigDecimal(message.getActual()),
        new BigDecimal(message.getTolerance()));
  }

  /** Empty before the first. */
  static Optional<Claim> claim(StoredClaim message) {
    expectKnownFormat(message.getFormat());
    if (message.getNode().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Claim(
            new Epoch(message.getEpoch()),
            new NodeId(message.getNode()),
            new InstanceId(message.getInstance()),
            WireTimes.instant(message.getAt())));
  }

  /** Empty when nobody has it. */
  static Optional<Custody> custody(StoredCustody message) {
    expectKnownFormat(message.getFormat());
    if (message.getNode().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Custody(
            new NodeId(message.getNode()),
            new InstanceId(message.getInstance()),
            new Epoch(message.getEpoch()),
            WireTimes.instant(message.getSince())));
  }

  static LoginLedger ledger(StoredLedger message) {
    expectKnownFormat(message.getFormat());
    return new LoginLedger(
        message.getAttemptsList().stream().map(FromStored::attempt).collect(toImmutableList()),
        message.hasLastStep() ? Optional.of(new TotpStep(message.getLastStep())) : Optional.empty(),
        message.hasLockedUntil()
            ? Optional.of(WireTimes.instant(message.getLockedUntil()))
            : Optional.empty(),
        message.getLockReason(),
        message.hasLastSuccess()
            ? Optional.of(WireTimes.instant(message.getLastSuccess()))
            : Optional.empty());
  }

  private static LoginAttempt attempt(StoredLoginAttempt message) {
    return new LoginAttempt(
        message.getId(),
        new NodeId(message.getNode()),
        new Epoch(message.getEpoch()),
        WireTimes.instant(message.getAt()),
        verdict(message.getVerdict()));
  }

  static Directives directives(StoredDirectives message) {
    expectKnownFormat(message.getFormat());
    return new Directives(
        message.getPaused(),
        message.getLoggedOut(),
        message.getTradingHalted(),
        message.hasSwitchover()
            ? Optional.of(switchover(message.getSwitchover()))
            : Optional.empty(),
        message.getReconcileRequest(),
        ImmutableList.copyOf(message.getAcceptedDiscrepanciesList()),
        new Epoch(message.getAcceptedEpoch()),
        message.getCompletedList().stream().map(FromStored::request).collect(toImmutableList()));
  }

  private static Directives.Switchover switchover(StoredSwitchover message) {
    return new Directives.Switchover(
        new NodeId(message.getFrom()),
        new NodeId(message.getTarget()),
        new Epoch(message.getAsOf()),
        message.getForce(),
        message.getRequestId(),
        WireTimes.instant(message.getAt()));
  }

  private static Directives.CompletedRequest request(StoredRequest message) {
    return new Directives.CompletedRequest(
        message.getRequestId(),
        message.getCommand(),
        message.getOperator(),
        message.getReason(),
        new Epoch(message.getEpoch()),
        WireTimes.instant(message.getAt()));
  }

  static HistoryEntry historyEntry(StoredHistoryEntry message) {
    return new HistoryEntry(
        WireTimes.instant(message.getAt()),
        new NodeId(message.getNode()),
        new Epoch(message.getEpoch()),
        message.getKind(),
        message.getActor(),
        message.getSentence());
  }

  /** What is beyond the core's number of accounts is left out. */
  static HighWaterMarks marks(StoredMarks message) {
    return new HighWaterMarks(
        message.getMarksList().stream()
            .limit(HighWaterMarks.ACCOUNTS_MAX)
            .map(FromStored::mark)
            .collect(toImmutableList()));
  }

  private static HighWaterMarks.Mark mark(StoredMark message) {
    return new HighWaterMarks.Mark(
        message.getAccount(),
        message.getCurrency(),
        amount(message.getNetLiquidation()),
        WireTimes.instant(message.getAt()));
  }

  private static BigDecimal amount(String text) {
    if (text.length() > DIGITS_MAX) {
      throw new IllegalArgumentException("an amount of " + text.length() + " characters");
    }
    BigDecimal amount = new BigDecimal(text);
    if (Math.abs((long) amount.scale()) > DIGITS_MAX) {
      throw new IllegalArgumentException("amount: " + text);
    }
    return amount;
  }

  private static Phase phase(io.understudy.v1.Phase message) {
    return switch (message) {
      case PHASE_STANDBY -> Phase.STANDBY;
      case PHASE_CLAIMING -> Phase.CLAIMING;
      case PHASE_FENCING -> Phase.FENCING;
      case PHASE_LOGGING_IN -> Phase.LOGGING_IN;
      case PHASE_VERIFYING -> Phase.VERIFYING;
      case PHASE_RECONCILING -> Phase.RECONCILING;
      case PHASE_SERVING -> Phase.SERVING;
      case PHASE_CEDING -> Phase.CEDING;
      case PHASE_SELF_FENCING -> Phase.SELF_FENCING;
      case PHASE_NEEDS_OPERATOR -> Phase.NEEDS_OPERATOR;
      case PHASE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("phase");
    };
  }

  private static ProcessState process(GatewayProcess message) {
    return switch (message) {
      case GATEWAY_PROCESS_UNKNOWN -> ProcessState.UNKNOWN;
      case GATEWAY_PROCESS_STOPPED -> ProcessState.STOPPED;
      case GATEWAY_PROCESS_STARTING -> ProcessState.STARTING;
      case GATEWAY_PROCESS_LISTENING -> ProcessState.LISTENING;
      case GATEWAY_PROCESS_UNSPECIFIED, UNRECOGNIZED -> throw unknown("gateway process state");
    };
  }

  private static SessionState session(BrokerageSession message) {
    return switch (message) {
      case BROKERAGE_SESSION_UNKNOWN -> SessionState.UNKNOWN;
      case BROKERAGE_SESSION_LOGGED_OUT -> SessionState.LOGGED_OUT;
      case BROKERAGE_SESSION_NOT_ESTABLISHED -> SessionState.NOT_ESTABLISHED;
      case BROKERAGE_SESSION_ESTABLISHED -> SessionState.ESTABLISHED;
      case BROKERAGE_SESSION_COMPETING -> SessionState.COMPETING;
      case BROKERAGE_SESSION_UNSPECIFIED, UNRECOGNIZED -> throw unknown("brokerage session state");
    };
  }

  private static LoginAttempt.Verdict verdict(StoredLoginAttempt.Verdict message) {
    return switch (message) {
      case VERDICT_OPEN -> LoginAttempt.Verdict.OPEN;
      case VERDICT_SUCCEEDED -> LoginAttempt.Verdict.SUCCEEDED;
      case VERDICT_NOT_SUBMITTED -> LoginAttempt.Verdict.NOT_SUBMITTED;
      case VERDICT_REFUSED -> LoginAttempt.Verdict.REFUSED;
      case VERDICT_UNKNOWN -> LoginAttempt.Verdict.UNKNOWN;
      case VERDICT_FORGIVEN -> LoginAttempt.Verdict.FORGIVEN;
      case VERDICT_UNSPECIFIED, UNRECOGNIZED -> throw unknown("verdict of a login attempt");
    };
  }

  private static void expectKnownFormat(int format) {
    if (Integer.compareUnsigned(format, FORMAT_MAX) > 0) {
      throw new IllegalArgumentException(
          "it has format "
              + Integer.toUnsignedString(format)
              + ", and this version knows none above "
              + FORMAT_MAX
              + REMEDY);
    }
  }

  private static IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException(
        "it holds a " + what + " that this version does not know" + REMEDY);
  }
}
