package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Coordination in memory. Passes the same contract as the real driver; a test plays the faults:
 * {@link #disconnect}, {@link #loseAnswers}, {@link #reconnect}, {@link #crash}, and those of the
 * {@link FakeEnsemble}. Everything runs under the ensemble's monitor.
 */
public final class FakeCoordination implements CoordinationDriver {
  private final FakeEnsemble ensemble;
  private Link link = Link.OPEN;
  private Optional<SessionId> session = Optional.empty();
  private Optional<SessionId> renewedIn = Optional.empty();
  private @Nullable NodeRecord self;
  private @Nullable Listener listener;
  private boolean announced;
  private boolean losingSyncs;

  private enum Link {
    OPEN,
    CUT,
    LOSING_ANSWERS,
    /** Closed, or the process is gone. */
    ENDED
  }

  FakeCoordination(FakeEnsemble ensemble) {
    this.ensemble = ensemble;
  }

  /** The present session, as the last renewal would say. */
  public Optional<SessionId> session() {
    synchronized (ensemble) {
      return session;
    }
  }

  /** Cuts the node off; its session lives until {@link FakeEnsemble#expire}. */
  public void disconnect() {
    synchronized (ensemble) {
      tellSuspended();
      link = Link.CUT;
    }
  }

  /** Calls are carried out from now on, and their answers are lost. */
  public void loseAnswers() {
    synchronized (ensemble) {
      link = Link.LOSING_ANSWERS;
    }
  }

  /** Writes are answered, and syncs are not. */
  public void loseSyncs() {
    synchronized (ensemble) {
      losingSyncs = true;
    }
  }

  /** Ends {@link #disconnect} and {@link #loseAnswers}. */
  public void reconnect() {
    synchronized (ensemble) {
      link = Link.OPEN;
      tellReconnected();
    }
  }

  /** The process is gone without a word; its session lives until {@link FakeEnsemble#expire}. */
  public void crash() {
    synchronized (ensemble) {
      link = Link.ENDED;
    }
  }

  @Override
  public void start(NodeRecord node, Listener told, Duration timeout) throws DriverException {
    synchronized (ensemble) {
      if (link != Link.OPEN || !ensemble.hasQuorum()) {
        throw notConnected();
      }
      Optional<FakeCoordination> holder = ensemble.holder(node.node());
      if (holder.isPresent()) {
        throw holder.get().link == Link.ENDED
            ? DriverException.transientError(
                "The session of a former life of node '%s' has not expired".formatted(node.node()))
            : namesake(node.node());
      }
      self = node;
      listener = told;
      SessionId begun = ensemble.begin(this);
      session = Optional.of(begun);
      told.connectionChanged(Connection.CONNECTED);
      ensemble.register(node, begun);
      tellChanged();
    }
  }

  @Override
  public SessionId renew(NodeRecord record) throws DriverException {
    synchronized (ensemble) {
      SessionId current = connected();
      Optional<SessionId> owner =
          ensemble.registration(record.node()).map(FakeEnsemble.Registration::session);
      if (owner.isPresent() && !owner.get().equals(current)) {
        throw DriverException.transientError(
            "The record of %s still belongs to session %s".formatted(record.node(), owner.get()));
      }
      ensemble.register(record, current);
      checkAnswered();
      renewedIn = Optional.of(current);
      return current;
    }
  }

  @Override
  public void sync() throws DriverException {
    synchronized (ensemble) {
      if (!renewedIn.equals(Optional.of(connected()))) {
        throw DriverException.transientError("A new session has begun meanwhile");
      }
      checkAnswered();
      if (losingSyncs) {
        throw DriverException.transientError("No answer to a sync");
      }
    }
  }

  @Override
  public CoordinationSnapshot read() throws DriverException {
    synchronized (ensemble) {
      announced = false;
      SessionId current = connected();
      checkAnswered();
      return ensemble.snapshot(current);
    }
  }

  @Override
  public GuardedWrite.Result write(GuardedWrite write) {
    synchronized (ensemble) {
      SessionId current;
      try {
        current = connected();
      } catch (DriverException _) {
        return GuardedWrite.Result.INDETERMINATE;
      }
      FakeGatewayRecords records = ensemble.gateway(write.gateway());
      boolean holds =
          records.ticket(current).filter(write.ticket()::equals).isPresent()
              && records.holds(write);
      if (holds) {
        ensemble.change(write.gateway(), changed -> changed.apply(write));
      }
      if (link == Link.LOSING_ANSWERS) {
        return GuardedWrite.Result.INDETERMINATE;
      }
      return holds ? GuardedWrite.Result.COMMITTED : GuardedWrite.Result.REFUSED;
    }
  }

  @Override
  public void join(GatewayId gateway) throws DriverException {
    synchronized (ensemble) {
      SessionId current = connected();
      if (ensemble.gateway(gateway).ticket(current).isEmpty()) {
        ElectionTicket ticket = new ElectionTicket(ensemble.nextTicket());
        ensemble.change(gateway, changed -> changed.enter(ticket, node(), current));
      }
      checkAnswered();
    }
  }

  @Override
  public void leave(GatewayId gateway) throws DriverException {
    synchronized (ensemble) {
      boolean stands = session.flatMap(s -> ensemble.gateway(gateway).ticket(s)).isPresent();
      session.ifPresent(ensemble.gateway(gateway)::giveUp);
      SessionId current = connected();
      if (stands) {
        ensemble.change(gateway, changed -> changed.removeGivenUp(current));
      }
      checkAnswered();
    }
  }

  @Override
  public void record(GatewayId gateway, HistoryEntry entry) throws DriverException {
    synchronized (ensemble) {
      SessionId _ = connected();
      ensemble.change(gateway, changed -> changed.append(entry));
      checkAnswered();
    }
  }

  @Override
  public ImmutableList<HistoryEntry> history(GatewayId gateway, int limit) throws DriverException {
    synchronized (ensemble) {
      SessionId _ = connected();
      checkAnswered();
      return ensemble.gateway(gateway).newest(limit);
    }
  }

  @Override
  public ImmutableList<Drill> pastDrills(GatewayId gateway, int limit) throws DriverException {
    synchronized (ensemble) {
      SessionId _ = connected();
      checkAnswered();
      return ensemble.gateway(gateway).pastDrills(limit);
    }
  }

  @Override
  public void close() {
    synchronized (ensemble) {
      link = Link.ENDED;
      session.ifPresent(ensemble::end);
      session = Optional.empty();
    }
  }

  boolean has(SessionId id) {
    return session.filter(id::equals).isPresent();
  }

  void tellChanged() {
    if (reachable() && listener != null && !announced) {
      announced = true;
      listener.changed();
    }
  }

  void tellSuspended() {
    if (link != Link.CUT) {
      tell(Connection.SUSPENDED);
    }
  }

  void tellReconnected() {
    if (!reachable() || session.isEmpty()) {
      return;
    }
    if (ensemble.lives(session.get())) {
      ensemble.removeGivenUp(session.get());
      tell(Connection.CONNECTED);
    } else {
      tellExpired();
    }
    tellChanged();
  }

  /** The session is over: another one begins if the ensemble can be reached. */
  void tellExpired() {
    if (reachable()) {
      session = Optional.of(ensemble.begin(this));
      tell(Connection.EXPIRED);
      tell(Connection.CONNECTED);
      tellChanged();
    }
  }

  private boolean reachable() {
    return (link == Link.OPEN || link == Link.LOSING_ANSWERS) && ensemble.hasQuorum();
  }

  private void tell(Connection connection) {
    if (listener != null && link != Link.ENDED) {
      listener.connectionChanged(connection);
    }
  }

  private SessionId connected() throws DriverException {
    if (!reachable() || session.isEmpty()) {
      throw notConnected();
    }
    return session.get();
  }

  private void checkAnswered() throws DriverException {
    if (link == Link.LOSING_ANSWERS) {
      throw DriverException.transientError("Coordination did not answer in time");
    }
  }

  private NodeId node() {
    if (self == null) {
      throw new IllegalStateException("coordination is not started");
    }
    return self.node();
  }

  private static DriverException notConnected() {
    return DriverException.transientError("Not connected to coordination");
  }

  private DriverException namesake(NodeId node) {
    NodeRecord other =
        ensemble.registration(node).map(FakeEnsemble.Registration::record).orElseThrow();
    return DriverException.permanentError(
        "A node named '%s' is already running (instance %s, at %s): stop it, or give this node another id"
            .formatted(node, other.instance(), other.peerAddress()));
  }
}
