package io.understudy.node.sim.mutants;

import com.google.common.collect.ImmutableList;

/** The ways in which the core is broken on purpose. */
final class Mutants {
  private static final String LEASE = "core/leadership/Lease.java";
  private static final String LEADERSHIP = "core/failover/LeadershipRules.java";
  private static final String CEDING = "core/failover/CedingRules.java";
  private static final String LOGIN = "core/failover/LoginRules.java";
  private static final String CODES = "core/failover/CodeRules.java";
  private static final String GATE = "core/failover/GateRules.java";
  private static final String DECIDER = "core/failover/NodeDecider.java";
  private static final String CELL = "core/failover/CellPass.java";

  private Mutants() {}

  static final ImmutableList<Mutant> ALL =
      ImmutableList.of(
          // ---- the lease
          new Mutant(
              "the lease is measured from the reply instead of the send",
              "core/failover/Observations.java",
              "lease, renewed.session(), renewed.sentAt(), renewed.writtenAt()",
              "lease, renewed.session(), renewed.writtenAt(), renewed.writtenAt()"),
          new Mutant(
              "the lease runs from the last renewal instead of the last but one",
              LEASE,
              "return previousSent.map(",
              "return Optional.of(lastSent).map("),
          new Mutant(
              "news prolongs the lease",
              LEASE,
              "sentAt.since(lease.lastWritten).compareTo(SPACING_MIN) < 0",
              "sentAt.isBefore(lease.lastSent)"),
          new Mutant(
              "renewals are spaced from send to send",
              ImmutableList.of(
                  new Mutant.Edit(
                      LEASE, "sentAt.since(lease.lastWritten)", "sentAt.since(lease.lastSent)"),
                  new Mutant.Edit(LEASE, "return lastWritten.plus", "return lastSent.plus"))),
          new Mutant(
              "no sync follows the renewal",
              "sim/CoordinationLanes.java",
              "if (written.isEmpty()) {",
              "if (written.isPresent() || written.isEmpty()) {"),
          new Mutant(
              "the lease has no safety margin and runs twice as long",
              LEASE,
              ".minus(timings.safetyMargin())",
              ".plus(timings.sessionTimeout())"),
          new Mutant(
              "self-fencing begins when the lease is over",
              LEASE,
              ".map(end -> end.minus(timings.selfFenceLead()))",
              ""),
          new Mutant(
              "self-fencing never begins",
              CEDING,
              "if (cell.leaseHeld() && !deposed && !asked) {",
              "if (!deposed && !asked) {"),
          // ---- claim and custody
          new Mutant(
              "the epoch is not advanced",
              "core/model/Epoch.java",
              "Math.addExact(number, 1)",
              "Math.max(number, 1)"),
          new Mutant(
              "custody is not on record before the login",
              LEADERSHIP,
              "if (custody.filter(c -> c.epoch().equals(cell.epoch)).isPresent()) {",
              "if (formerStopped(cell, fencing, custody)) {"),
          new Mutant(
              "the custody of another node is ignored",
              LEADERSHIP,
              "if (custody.isEmpty()\n",
              "if (!cell.gateway().value().isEmpty()\n"),
          new Mutant(
              "a former holder that does not answer counts as stopped",
              LEADERSHIP,
              "fencing.call().filter(cell::succeeded)",
              "fencing.call().filter(cell::finished)"),
          new Mutant(
              "a cell confirms that it stopped before it has",
              DECIDER,
              "!cell.phase().entitled() && cell.harmless && cell.gate",
              "!cell.phase().entitled() && cell.gate"),
          // ---- giving up
          new Mutant(
              "leadership is released before the logout is confirmed",
              CEDING,
              "if (cell.succeeded(effect)) {",
              "if (cell.finished(effect)) {"),
          new Mutant(
              "custody is cleared before the gateway is stopped",
              CEDING,
              "boolean nothingToStop = cell.harmless;",
              "boolean nothingToStop = cell.gate instanceof CellState.Shut;"),
          new Mutant(
              "a fence that failed counts as done",
              CEDING,
              "if (cell.succeeded(fence.orElseThrow())) {",
              "if (cell.finished(fence.orElseThrow())) {"),
          // ---- the login
          new Mutant(
              "a permit is written without the leadership check",
              ImmutableList.of(
                  new Mutant.Edit(
                      CELL,
                      """
                      return ImmutableList.of(
                              unchanged(RecordName.CLAIM, records.claim()),
                              unchanged(RecordName.CUSTODY, records.custody()));\
                      """,
                      "return ImmutableList.of();"),
                  new Mutant.Edit("sim/Ensemble.java", "!stands || !unchanged", "!unchanged"),
                  new Mutant.Edit(
                      CEDING,
                      "cell.freshRecords().map(r -> !r.election().ownFirst()).orElse(false)"
                          + " && !leaving;",
                      "leaving && !leaving;"),
                  new Mutant.Edit(
                      CEDING, "r.epoch().isAfter(cell.epoch)", "cell.epoch.isAfter(r.epoch())"))),
          new Mutant(
              "a permit is asked for without the budget",
              LOGIN,
              """
              if (ledger.failuresInRow() >= cell.settings.failuresMax()) {
                    SessionRules.needPerson(\
              """,
              """
              if (ledger.failuresInRow() >= 32) {
                    SessionRules.needPerson(\
              """),
          new Mutant(
              "an open attempt does not count against the budget",
              "core/login/LoginAttempt.java",
              "OPEN(true)",
              "OPEN(false)"),
          new Mutant(
              "a lost answer is believed to be no submission",
              "core/gateway/LoginResult.java",
              "NO_ANSWER(Verdict.UNKNOWN, true)",
              "NO_ANSWER(Verdict.NOT_SUBMITTED, true)"),
          new Mutant(
              "a lock is ignored",
              LOGIN,
              "if (ledger.lockedUntil().filter(until -> until.isAfter(cell.now.wall())).isPresent()) {",
              "if (ledger.lockedUntil().filter(until -> until.isBefore(until)).isPresent()) {"),
          new Mutant(
              "the login does not ask again whether the lease runs",
              "sim/LoginRun.java",
              "return daemon.permits(login.gateway(), login.permit().epoch());",
              "return true;"),
          // ---- one-time codes
          new Mutant(
              "a code is submitted before its step is on record",
              CODES,
              ".filter(s -> ledger.lastStep().equals(Optional.of(s)));",
              ".or(() -> Optional.of(TotpStep.at(cell.now.wall())));"),
          new Mutant(
              "a step whose write got no answer is believed to be on record",
              CODES,
              ".filter(s -> ledger.lastStep().equals(Optional.of(s)));",
              ";"),
          new Mutant(
              "a step is used again",
              "core/login/LoginLedger.java",
              "lastStep.filter(last -> last.compareTo(step) >= 0).isPresent()",
              "lastStep.filter(last -> last.compareTo(step) > 0).isPresent()"),
          // ---- the trading gate
          new Mutant(
              "the gate opens before positions were reconciled",
              GATE,
              "cell.phase() == Phase.SERVING",
              "cell.phase().mayAct()"),
          new Mutant(
              "a trading halt is ignored", GATE, "&& !cell.directives().tradingHalted()", ""),
          new Mutant(
              "the relay does not ask whether the lease runs",
              "sim/Edges.java",
              "&& daemon.permits(cell.gateway, cell.relayOpen.orElseThrow());",
              ";"),
          new Mutant(
              "the guard does not look at the clock",
              "loop/EpochGuard.java",
              ".filter(end -> clock.get().isBefore(end))",
              ""),
          new Mutant(
              "a position that differs is let pass",
              "core/failover/SessionRules.java",
              "} else if (compared.report().orElseThrow().clean()) {",
              "} else if (compared.report().isPresent()) {"),
          // ---- drills
          new Mutant(
              "the fault of a drill is asked for again",
              "core/failover/DrillWork.java",
              "return new DrillWork(trail, write, drill, Optional.of(fault));",
              "return new DrillWork(trail, write, injected, Optional.of(fault));"),
          new Mutant(
              "a drill begins while another one is under way",
              "core/failover/DrillPreflight.java",
              "last.underWay().isEmpty(),",
              "last.readable(),"),
          // ---- commands and the core as a function
          new Mutant(
              "an effect in flight is asked for again",
              "core/failover/CoordinationRules.java",
              "return effect.filter(id -> !pass.seen.outcomes().containsKey(id));",
              "return effect.filter(id -> !pass.seen.connected());"),
          new Mutant(
              "a time that a rule waits for is slept through",
              CELL,
              "    wakeAt(time);\n    return false;",
              "    return false;"),
          new Mutant("a phase that was entered has to wait for news", CELL, "wakeAt(since);", ""));
}
