package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The memory of a whole cluster in this process, for {@link FakeCoordination}. No threads and no
 * clock: everything happens inside the calls, listeners are told before the call returns, and a
 * session ends only when a test says so. Any thread.
 */
public final class FakeEnsemble {
  private final Map<GatewayId, FakeGatewayRecords> gateways = new TreeMap<>();
  private final Map<NodeId, Registration> nodes = new TreeMap<>();
  private final SequencedMap<SessionId, FakeCoordination> sessions = new LinkedHashMap<>();
  private long lastSession;
  private long lastTicket;
  private boolean quorum = true;

  /** A node's ephemeral record. */
  record Registration(NodeRecord record, SessionId session) {}

  public FakeEnsemble(ImmutableList<GatewayId> gateways) {
    gateways.forEach(gateway -> this.gateways.put(gateway, new FakeGatewayRecords()));
  }

  /** Another node, or another life of one. */
  public FakeCoordination driver() {
    return new FakeCoordination(this);
  }

  /** Without a quorum no call is answered; sessions stay. Nodes are told that they are cut off. */
  public synchronized void loseQuorum() {
    quorum = false;
    ImmutableList.copyOf(sessions.values()).forEach(FakeCoordination::tellSuspended);
  }

  public synchronized void regainQuorum() {
    quorum = true;
    ImmutableList.copyOf(sessions.values()).forEach(FakeCoordination::tellReconnected);
  }

  /**
   * Ends the session, as its timeout would: its record and entries vanish. Its node opens another
   * one at once, or when it is connected again.
   */
  public synchronized void expire(SessionId session) {
    FakeCoordination driver = sessions.get(session);
    end(session);
    if (driver != null) {
      driver.tellExpired();
    }
  }

  /** The gateway's high-water marks cannot be read from now on. */
  public synchronized void spoilMarks(GatewayId gateway) {
    change(gateway, FakeGatewayRecords::spoilMarks);
  }

  /** The record of the gateway's drill cannot be read from now on. */
  public synchronized void spoilDrill(GatewayId gateway) {
    change(gateway, FakeGatewayRecords::spoilDrill);
  }

  synchronized boolean hasQuorum() {
    return quorum;
  }

  synchronized SessionId begin(FakeCoordination driver) {
    SessionId session = new SessionId(++lastSession);
    sessions.put(session, driver);
    return session;
  }

  synchronized void end(SessionId session) {
    sessions.remove(session);
    nodes.values().removeIf(node -> node.session().equals(session));
    gateways.values().forEach(gateway -> gateway.removeEntriesOf(session));
    announce(_ -> true);
  }

  synchronized boolean lives(SessionId session) {
    return sessions.containsKey(session);
  }

  /** Who has the node's name, if anybody. */
  synchronized Optional<FakeCoordination> holder(NodeId node) {
    return Optional.ofNullable(nodes.get(node)).map(Registration::session).map(sessions::get);
  }

  synchronized Optional<Registration> registration(NodeId node) {
    return Optional.ofNullable(nodes.get(node));
  }

  synchronized void register(NodeRecord record, SessionId session) {
    nodes.put(record.node(), new Registration(record, session));
    announce(driver -> !driver.has(session));
  }

  synchronized CoordinationSnapshot snapshot(SessionId reader) {
    ImmutableSortedMap.Builder<NodeId, NodeRecord> records = ImmutableSortedMap.naturalOrder();
    nodes.forEach((node, registration) -> records.put(node, registration.record()));
    ImmutableSortedMap.Builder<GatewayId, GatewayRecords> all = ImmutableSortedMap.naturalOrder();
    gateways.forEach((id, gateway) -> all.put(id, gateway.records(reader)));
    return new CoordinationSnapshot(records.buildOrThrow(), all.buildOrThrow());
  }

  synchronized ElectionView election(GatewayId gateway, SessionId reader) {
    return gateway(gateway).election(reader);
  }

  /** Runs the change on the gateway's records and tells everybody. */
  synchronized void change(GatewayId gateway, Consumer<FakeGatewayRecords> change) {
    change.accept(gateway(gateway));
    announce(_ -> true);
  }

  /** The entries that a session gave up while it was cut off. */
  synchronized void removeGivenUp(SessionId session) {
    gateways.values().forEach(gateway -> gateway.removeGivenUp(session));
  }

  synchronized String nextTicket() {
    return "fake-latch-%010d".formatted(++lastTicket);
  }

  synchronized FakeGatewayRecords gateway(GatewayId gateway) {
    FakeGatewayRecords records = gateways.get(gateway);
    if (records == null) {
      throw new IllegalArgumentException("gateway '" + gateway + "' is not configured");
    }
    return records;
  }

  private void announce(Predicate<FakeCoordination> to) {
    ImmutableList.copyOf(sessions.values()).stream()
        .filter(to)
        .forEach(FakeCoordination::tellChanged);
  }
}
