package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.core.peers.PeerReport;
import io.understudy.node.core.positions.Position;
import io.understudy.node.core.positions.Tolerances;
import io.understudy.node.driver.zookeeper.ZooKeeperCoordination;
import io.understudy.node.driver.zookeeper.ZooKeeperSettings;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Journal;
import io.understudy.node.spi.PeerClient;
import io.understudy.node.spi.PositionSource;
import io.understudy.node.spi.Secret;
import io.understudy.node.spi.Tunnels;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One node: the real loop on real coordination, with a gateway that takes no time. */
final class TestNode {
  static final GatewayId LIVE = new GatewayId("live");
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(2);

  final NodeId id;
  final FakeGateway gateway;
  final FakeRelay relay = new FakeRelay();
  final ControlLoop loop;
  private final CoordinationDriver coordination;
  private final Thread thread;
  private final AtomicReference<ImmutableList<Position>> expected =
      new AtomicReference<>(ImmutableList.of());
  private final AtomicReference<Optional<ControlLoop.End>> end =
      new AtomicReference<>(Optional.empty());

  /** Starts the node, which keeps no journal; {@code all} is how nodes find each other. */
  TestNode(
      String name,
      String connect,
      FakeBroker broker,
      Map<NodeId, TestNode> all,
      SecondFactorKind factor)
      throws DriverException {
    this(name, connect, broker, all, factor, new SilentJournal());
  }

  TestNode(
      String name,
      String connect,
      FakeBroker broker,
      Map<NodeId, TestNode> all,
      SecondFactorKind factor,
      Journal journal)
      throws DriverException {
    id = new NodeId(name);
    gateway = new FakeGateway(id, broker);
    coordination =
        new ZooKeeperCoordination(
            ZooKeeperSettings.of(
                connect, "test", SESSION_TIMEOUT, ImmutableList.of(LIVE), Optional.empty()));
    CellSettings cell =
        new CellSettings(
            LIVE,
            factor,
            CellSettings.CompetingPolicy.RETAKE,
            true,
            Duration.ofSeconds(2),
            Duration.ofMillis(200),
            3,
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            3,
            ImmutableList.of());
    NodeSettings settings =
        new NodeSettings(
            id,
            new InstanceId(UUID.randomUUID().toString()),
            name + ":1",
            "test",
            LeaseTimings.of(SESSION_TIMEOUT),
            ImmutableList.of(cell));
    loop =
        new ControlLoop(
            "test",
            settings,
            coordination,
            new ControlLoop.Watching(peers(id, all), Tunnels.NONE, ImmutableList::of),
            guard -> ImmutableList.of(drivers(factor)),
            journal,
            Duration.ofSeconds(5));
    thread =
        Thread.ofPlatform()
            .name("control-loop-" + name)
            .start(() -> end.set(Optional.of(loop.run())));
    coordination.start(loop.self(), loop.listener(), Duration.ofSeconds(10));
    all.put(id, this);
  }

  private CellDrivers drivers(SecondFactorKind factor) {
    PositionSource source = () -> new PositionSource.Expected(expected.get(), OptionalInt.empty());
    return new CellDrivers(
        LIVE,
        gateway,
        factor,
        Optional.of(step -> Secret.of("000000")),
        Optional.of(source),
        Tolerances.EXACT,
        relay,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1));
  }

  private static PeerClient peers(NodeId self, Map<NodeId, TestNode> all) {
    return new PeerClient() {
      @Override
      public void relinquish(
          NodeId node, String address, GatewayId gateway, Epoch epoch, Duration timeout)
          throws DriverException {
        TestNode peer = all.get(node);
        if (peer == null) {
          throw DriverException.transientError("node " + node + " is not there");
        }
        try {
          Epoch former =
              peer.loop
                  .relinquish(node, gateway, epoch)
                  .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
          if (former.isAfter(epoch)) {
            throw DriverException.permanentError("acted under a later epoch");
          }
        } catch (ExecutionException | TimeoutException e) {
          throw DriverException.transientError("node " + node + " did not confirm", e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw DriverException.transientError("interrupted", e);
        }
      }

      @Override
      public PeerAnswer probe(NodeId node, String address, Duration timeout)
          throws DriverException {
        TestNode peer = all.get(node);
        if (peer == null || peer.end().isPresent()) {
          throw DriverException.transientError("node " + node + " does not answer " + self);
        }
        NodeStatus status = peer.loop.status();
        return new PeerAnswer(
            new PeerReport(
                Optional.of(status.self().instance()),
                status.self().version(),
                status.connected(),
                ImmutableList.of()),
            Duration.ofMillis(1),
            Duration.ZERO);
      }

      @Override
      public void close() {}
    };
  }

  void expects(ImmutableList<Position> positions) {
    expected.set(positions);
  }

  NodeRecord.CellRecord cell() {
    return loop.status().self().cell(LIVE).orElseThrow();
  }

  boolean serves() {
    return cell().phase() == Phase.SERVING && relay.isOpen();
  }

  boolean standsBy() {
    return cell().ready();
  }

  /** Whether this node has read that the other one is ready. */
  boolean sees(TestNode other) {
    return loop.status().cluster().stream()
        .flatMap(snapshot -> snapshot.nodes().values().stream())
        .filter(record -> record.node().equals(other.id))
        .anyMatch(record -> record.cell(LIVE).orElseThrow().ready());
  }

  CommandAnswer ask(Command command) throws Exception {
    return loop.submit(command).get(10, TimeUnit.SECONDS);
  }

  Optional<ControlLoop.End> end() {
    return end.get();
  }

  /** As if the power went: no good order, the coordination session is left to expire. */
  void die() throws InterruptedException {
    thread.interrupt();
    thread.join(5_000);
    loop.close();
  }

  /** Stops in good order and closes everything. */
  void stop() throws InterruptedException {
    if (end().isEmpty()) {
      loop.stop();
      thread.join(10_000);
    }
    loop.close();
    coordination.close();
  }

  CoordinationDriver coordination() {
    return coordination;
  }
}
