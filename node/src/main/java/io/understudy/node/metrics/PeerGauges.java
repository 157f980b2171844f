package io.understudy.node.metrics;

import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.loop.NodeControl;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What this node's probes say of the other nodes and of the coordination servers. */
final class PeerGauges {
  /** Peers come and go, and so do servers: their labels are bounded here. */
  static final int PEERS_MAX = 16;

  private final Meters meters;
  private final NodeControl control;

  private PeerGauges(Meters meters, NodeControl control) {
    this.meters = meters;
    this.control = control;
  }

  static void register(Meters meters, NodeControl control) {
    PeerGauges gauges = new PeerGauges(meters, control);
    gauges.registerPeers();
    gauges.registerServers();
  }

  private void registerPeers() {
    peer(MeterName.PEER_UP, peer -> Optional.of(number(peer.reachable())));
    peer(MeterName.PEER_ROUND_TRIP, peer -> peer.roundTrip().map(PeerGauges::seconds));
    peer(MeterName.PEER_CLOCK_OFFSET, peer -> peer.clockOffset().map(PeerGauges::seconds));
    peer(MeterName.PEER_HANDSHAKE_AGE, peer -> peer.handshakeAge().map(PeerGauges::seconds));
    meters.gauges(
        MeterName.PEER_CONDITION, points -> peers().forEach(peer -> addConditions(peer, points)));
  }

  private static void addConditions(PeerView peer, Meters.Points points) {
    for (PeerCondition.Type type : PeerCondition.Type.values()) {
      boolean holds = peer.conditions().stream().anyMatch(c -> c.type() == type);
      points.add(number(holds), peer.node().value(), type.name().toLowerCase(Locale.ROOT));
    }
  }

  private void registerServers() {
    meters.gauges(
        MeterName.COORDINATION_SERVER_UP,
        points ->
            control.status().servers().stream()
                .limit(PEERS_MAX)
                .forEach(server -> points.add(number(server.up()), server.server())));
    meters.gauges(
        MeterName.COORDINATION_SERVERS, points -> points.add(control.status().servers().size()));
  }

  private void peer(MeterName name, Function<PeerView, Optional<Double>> value) {
    meters.gauges(
        name,
        points ->
            peers()
                .forEach(
                    peer -> value.apply(peer).ifPresent(v -> points.add(v, peer.node().value()))));
  }

  private Stream<PeerView> peers() {
    return control.status().peers().values().stream().limit(PEERS_MAX);
  }

  private static double number(boolean holds) {
    return holds ? 1.0 : 0.0;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
