package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each effect to its lane, and its end back to the mailbox. Called by the loop's thread;
 * never blocks it.
 */
final class EffectRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EffectRunner.class);

  private final CoordinationDriver coordination;
  private final ImmutableMap<GatewayId, CellLanes> cells;
  private final PeerLanes peers;
  private final Mailbox mailbox;
  private final Clocks clocks;
  private final Calls calls;
  private final Map<String, String> told = new ConcurrentHashMap<>();
  private final Lane leaseLane;
  private final Lane coordinationLane;
  private final LogSubject.Board subjects = new LogSubject.Board();

  EffectRunner(
      CoordinationDriver coordination,
      ImmutableMap<GatewayId, CellLanes> cells,
      PeerLanes peers,
      Mailbox mailbox,
      Clocks clocks,
      Calls calls) {
    this.coordination = coordination;
    this.cells = cells;
    this.peers = peers;
    this.mailbox = mailbox;
    this.clocks = clocks;
    this.calls = calls;
    leaseLane = new Lane("lease", mailbox);
    coordinationLane = new Lane("coordination", mailbox);
  }

  /** Something that may fail as an operating error. */
  @FunctionalInterface
  interface Action {
    void run() throws DriverException;
  }

  /** Takes note of changed phases, for the lines that effects and the loop write from now on. */
  void about(ImmutableList<Decision.Transition> transitions) {
    for (Decision.Transition transition : transitions) {
      subjects.changed(transition);
      cell(transition.gateway()).about(subjects.of(transition.gateway()));
    }
    leaseLane.about(subjects.ofNode());
    subjects.ofNode().begin();
  }

  void run(Effect effect) {
    switch (effect) {
      case Effect.RenewLease renew -> leaseLane.run(() -> renew(renew.id(), renew.self()));
      case Effect.ReadCoordination read -> coordinate(subjects.ofNode(), () -> read(read.id()));
      case Effect.JoinElection join ->
          coordinate(join.id(), join.gateway(), () -> coordination.join(join.gateway()));
      case Effect.LeaveElection leave ->
          coordinate(leave.id(), leave.gateway(), () -> coordination.leave(leave.gateway()));
      case Effect.Write write ->
          coordinate(
              subjects.of(write.write().gateway()),
              () ->
                  mailbox.post(
                      new Observation.WriteFinished(
                          write.id(), coordination.write(write.write()))));
      case Effect.RecordHistory line ->
          coordinate(
              line.id(), line.gateway(), () -> coordination.record(line.gateway(), line.entry()));
      case Effect.CallFormerHolder call -> cell(call.gateway()).call(call);
      case Effect.ProbePeer probe -> peers.probe(probe);
      case Effect.StartGateway start -> cell(start.gateway()).start(start.id());
      case Effect.ProbeGateway probe -> cell(probe.gateway()).probe(probe.id());
      case Effect.Login login -> cell(login.gateway()).login(login);
      case Effect.GrantCode grant -> cell(grant.gateway()).grant(grant.login(), grant.step());
      case Effect.RefuseCode refuse ->
          cell(refuse.gateway()).refuse(refuse.login(), refuse.sentence());
      case Effect.ReopenSession reopen -> cell(reopen.gateway()).reopen(reopen);
      case Effect.Logout logout -> cell(logout.gateway()).logout(logout.id());
      case Effect.FenceGateway fence -> cell(fence.gateway()).fence(fence.id());
      case Effect.ComparePositions compare -> cell(compare.gateway()).compare(compare);
      case Effect.ReadAccount read -> cell(read.gateway()).readAccount(read);
      case Effect.InjectFault fault -> cell(fault.gateway()).inject(fault);
      case Effect.OpenRelay open -> cell(open.gateway()).openRelay(open.id(), open.epoch());
      case Effect.ShutRelay shut -> cell(shut.gateway()).shutRelay(shut.id());
      case Effect.AnswerCommand answer -> calls.answer(answer.call(), answer.answer());
      case Effect.AnswerRelinquish answer ->
          calls.answerRelinquish(answer.call(), answer.formerEpoch(), answer.refusal());
      case Effect.Exit _ -> {}
    }
  }

  private CellLanes cell(GatewayId gateway) {
    return Objects.requireNonNull(cells.get(gateway), gateway::value);
  }

  /** The lease counts from before the write is sent; {@link Lease} says what the sync is for. */
  private void renew(EffectId id, NodeRecord self) {
    MonotonicTime sentAt = clocks.monotonic();
    try {
      SessionId session = coordination.renew(self);
      MonotonicTime writtenAt = clocks.monotonic();
      coordination.sync();
      told.remove("renew the lease");
      mailbox.post(new Observation.LeaseRenewed(id, session, sentAt, writtenAt));
    } catch (DriverException e) {
      tellOnce("renew the lease", e.getMessage());
      mailbox.post(new Observation.EffectFinished(id, false, e.getMessage()));
    }
  }

  /** A trouble that lasts is told when it begins and when it changes, not at every try. */
  private void tellOnce(String what, String reason) {
    if (!reason.equals(told.put(what, reason))) {
      log.warn("Could not {} reason=\"{}\"", what, reason);
    }
  }

  private void read(EffectId id) {
    MonotonicTime startedAt = clocks.monotonic();
    try {
      CoordinationSnapshot snapshot = coordination.read();
      told.remove("read coordination");
      mailbox.post(new Observation.CoordinationRead(id, startedAt, Optional.of(snapshot)));
    } catch (DriverException e) {
      tellOnce("read coordination", e.getMessage());
      mailbox.post(new Observation.CoordinationRead(id, startedAt, Optional.empty()));
    }
  }

  private void coordinate(EffectId id, GatewayId gateway, Action action) {
    coordinate(subjects.of(gateway), () -> finish(mailbox, id, action));
  }

  private void coordinate(LogSubject subject, Runnable task) {
    coordinationLane.about(subject);
    coordinationLane.run(task);
  }

  /** Runs an action on a lane and posts how it ended. */
  static void finish(Mailbox mailbox, EffectId id, Action action) {
    try {
      action.run();
      mailbox.post(new Observation.EffectFinished(id, true, ""));
    } catch (DriverException e) {
      mailbox.post(new Observation.EffectFinished(id, false, e.getMessage()));
    }
  }

  void provideCode(GatewayId gateway, Secret code) {
    cell(gateway).provideCode(code);
  }

  /**
   * The last deed of a life, whatever ended it: every relay is shut and every program ended.
   *
   * @return whether all of it is certain
   */
  boolean fenceEverything() {
    boolean certain = true;
    for (CellLanes cell : cells.values()) {
      certain &= cell.fenceNow();
    }
    return certain;
  }

  @Override
  public void close() {
    leaseLane.close();
    coordinationLane.close();
    peers.close();
    cells.values().forEach(CellLanes::close);
  }
}
