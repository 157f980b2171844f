package io.understudy.node.wire;

import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
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

/** From the core's records to the messages of {@code stored.proto}. */
final class ToStored {
  private ToStored() {}

  static StoredNode node(NodeRecord record) {
    StoredNode.Builder message =
        StoredNode.newBuilder()
            .setNode(record.node().value())
            .setInstance(record.instance().value())
            .setPeerAddress(record.peerAddress())
            .setVersion(record.version())
            .setAt(WireTimes.timestamp(record.at()));
    record.leaseRemaining().map(WireTimes::duration).ifPresent(message::setLeaseRemaining);
    record.cells().stream()
        .map(cell -> ShownMessages.cell(record.node(), cell))
        .forEach(message::addCells);
    return message.build();
  }

  static StoredClaim claim(Claim claim) {
    return StoredClaim.newBuilder()
        .setEpoch(claim.epoch().number())
        .setNode(claim.node().value())
        .setInstance(claim.instance().value())
        .setAt(WireTimes.timestamp(claim.at()))
        .build();
  }

  static StoredCustody custody(Custody custody) {
    return StoredCustody.newBuilder()
        .setNode(custody.node().value())
        .setInstance(custody.instance().value())
        .setEpoch(custody.epoch().number())
        .setSince(WireTimes.timestamp(custody.since()))
        .build();
  }

  static StoredLedger ledger(LoginLedger ledger) {
    StoredLedger.Builder message = StoredLedger.newBuilder().setLockReason(ledger.lockReason());
    ledger.attempts().stream().map(ToStored::attempt).forEach(message::addAttempts);
    ledger.lastStep().map(TotpStep::number).ifPresent(message::setLastStep);
    ledger.lockedUntil().map(WireTimes::timestamp).ifPresent(message::setLockedUntil);
    ledger.lastSuccess().map(WireTimes::timestamp).ifPresent(message::setLastSuccess);
    return message.build();
  }

  private static StoredLoginAttempt attempt(LoginAttempt attempt) {
    return StoredLoginAttempt.newBuilder()
        .setId(attempt.id())
        .setNode(attempt.node().value())
        .setEpoch(attempt.epoch().number())
        .setAt(WireTimes.timestamp(attempt.at()))
        .setVerdict(verdict(attempt.verdict()))
        .build();
  }

  private static StoredLoginAttempt.Verdict verdict(LoginAttempt.Verdict verdict) {
    return switch (verdict) {
      case OPEN -> StoredLoginAttempt.Verdict.VERDICT_OPEN;
      case SUCCEEDED -> StoredLoginAttempt.Verdict.VERDICT_SUCCEEDED;
      case NOT_SUBMITTED -> StoredLoginAttempt.Verdict.VERDICT_NOT_SUBMITTED;
      case REFUSED -> StoredLoginAttempt.Verdict.VERDICT_REFUSED;
      case UNKNOWN -> StoredLoginAttempt.Verdict.VERDICT_UNKNOWN;
      case FORGIVEN -> StoredLoginAttempt.Verdict.VERDICT_FORGIVEN;
    };
  }

  static StoredDirectives directives(Directives directives) {
    StoredDirectives.Builder message =
        StoredDirectives.newBuilder()
            .setPaused(directives.paused())
            .setLoggedOut(directives.loggedOut())
            .setTradingHalted(directives.tradingHalted())
            .setReconcileRequest(directives.reconcileRequest())
            .addAllAcceptedDiscrepancies(directives.acceptedDiscrepancies())
            .setAcceptedEpoch(directives.acceptedEpoch().number());
    directives.switchover().map(ToStored::switchover).ifPresent(message::setSwitchover);
    directives.completed().stream().map(ToStored::request).forEach(message::addCompleted);
    return message.build();
  }

  private static StoredSwitchover switchover(Directives.Switchover switchover) {
    return StoredSwitchover.newBuilder()
        .setFrom(switchover.from().value())
        .setTarget(switchover.target().value())
        .setAsOf(switchover.asOf().number())
        .setForce(switchover.force())
        .setRequestId(switchover.requestId())
        .setAt(WireTimes.timestamp(switchover.at()))
        .build();
  }

  private static StoredRequest request(Directives.CompletedRequest request) {
    return StoredRequest.newBuilder()
        .setRequestId(request.requestId())
        .setCommand(request.command())
        .setOperator(request.operator())
        .setReason(request.reason())
        .setEpoch(request.epoch().number())
        .setAt(WireTimes.timestamp(request.at()))
        .build();
  }

  static StoredMarks marks(HighWaterMarks marks) {
    StoredMarks.Builder message = StoredMarks.newBuilder();
    marks.marks().stream().map(ToStored::mark).forEach(message::addMarks);
    return message.build();
  }

  private static StoredMark mark(HighWaterMarks.Mark mark) {
    return StoredMark.newBuilder()
        .setAccount(mark.account())
        .setCurrency(mark.currency())
        .setNetLiquidation(mark.netLiquidation().toString())
        .setAt(WireTimes.timestamp(mark.at()))
        .build();
  }

  static StoredHistoryEntry historyEntry(HistoryEntry entry) {
    return StoredHistoryEntry.newBuilder()
        .setAt(WireTimes.timestamp(entry.at()))
        .setNode(entry.node().value())
        .setEpoch(entry.epoch().number())
        .setKind(entry.kind())
        .setActor(entry.actor())
        .setSentence(entry.sentence())
        .build();
  }
}
