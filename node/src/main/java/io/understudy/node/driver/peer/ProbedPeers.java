package io.understudy.node.driver.peer;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.GatewaySight;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.core.peers.PeerReport;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.PeerGrpc;
import io.understudy.v1.ProbeRequest;
import io.understudy.v1.ProbeResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The connections over which peers are probed. A connection is kept from probe to probe, since a
 * handshake a second would cost more than all probes, and is given up at the first probe that fails
 * on it: so it has no memory of failures, and one that is dead costs one probe.
 *
 * <p>One probe of a node at a time; different nodes at once.
 */
final class ProbedPeers {
  /** Longer than any version or name of a life; what is longer would fill logs and the history. */
  private static final Pattern SHORT_TEXT = Pattern.compile("[ -~]{0,64}");

  private static final int NAME_SHOWN_MAX = 40;
  private static final int GATEWAYS_MAX = 256;

  private final NodeId self;
  private final Connecting connecting;
  private final InstantSource clock = InstantSource.system();
  private final Map<NodeId, Kept> kept = new ConcurrentHashMap<>();

  /** Opens and ends connections. */
  interface Connecting {
    ManagedChannel connect(NodeId node, String address, Duration timeout) throws DriverException;

    void end(ManagedChannel channel);
  }

  private record Kept(String address, ManagedChannel channel) {}

  ProbedPeers(NodeId self, Connecting connecting) {
    this.self = self;
    this.connecting = connecting;
  }

  /** The next probes make connections of their own, with the certificates then in effect. */
  void startOver() {
    kept.keySet().forEach(this::giveUp);
  }

  PeerAnswer probe(NodeId node, String address, Duration timeout)
      throws DriverException, StatusRuntimeException {
    ManagedChannel channel = connection(node, address, timeout);
    boolean answered = false;
    try {
      PeerGrpc.PeerBlockingStub stub = PeerGrpc.newBlockingStub(channel);
      Instant sentAt = clock.instant();
      long begun = System.nanoTime();
      ProbeResponse response =
          stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
              .probe(
                  ProbeRequest.newBuilder()
                      .setNode(self.value())
                      .setSentAt(WireTimes.timestamp(sentAt))
                      .build());
      Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
      if (!response.getNode().equals(node.value())) {
        throw DriverException.permanentError(
            "At %s node '%s' answered instead of node '%s': correct the address"
                .formatted(
                    address, Ascii.truncate(response.getNode(), NAME_SHOWN_MAX, "..."), node));
      }
      PeerAnswer answer = answer(response, sentAt, elapsed);
      answered = true;
      return answer;
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw DriverException.permanentError(
          "Node %s at %s answered a probe with what cannot be read: compare the versions"
              .formatted(node, address),
          e);
    } finally {
      if (!answered) {
        giveUp(node);
      }
    }
  }

  private ManagedChannel connection(NodeId node, String address, Duration timeout)
      throws DriverException {
    Kept before = kept.get(node);
    if (before != null && before.address().equals(address)) {
      return before.channel();
    }
    giveUp(node);
    ManagedChannel channel = connecting.connect(node, address, timeout);
    kept.put(node, new Kept(address, channel));
    return channel;
  }

  private void giveUp(NodeId node) {
    Kept before = kept.remove(node);
    if (before != null) {
      connecting.end(before.channel());
    }
  }

  private static PeerAnswer answer(ProbeResponse response, Instant sentAt, Duration elapsed) {
    return PeerAnswer.measured(
        report(response),
        sentAt,
        elapsed,
        clockReading(response.getReceivedAt(), sentAt),
        clockReading(response.getAnsweredAt(), sentAt));
  }

  private static Instant clockReading(Timestamp said, Instant sentAt) {
    Instant reading = WireTimes.instant(said);
    Duration apart = Duration.between(sentAt, reading).abs();
    if (apart.compareTo(PeerAnswer.CLOCKS_APART_MAX) > 0) {
      throw new IllegalArgumentException("A clock says " + reading);
    }
    return reading;
  }

  private static PeerReport report(ProbeResponse response) {
    int gateways = response.getGatewaysCount();
    if (gateways > GATEWAYS_MAX) {
      throw new IllegalArgumentException(
          "It tells of " + gateways + " gateways (expected: at most " + GATEWAYS_MAX + ")");
    }
    return new PeerReport(
        Optional.of(shortText(response.getInstance()))
            .filter(id -> !id.isEmpty())
            .map(InstanceId::new),
        shortText(response.getVersion()),
        response.getConnected(),
        response.getGatewaysList().stream()
            .map(ProbedPeers::sight)
            .collect(ImmutableList.toImmutableList()));
  }

  private static String shortText(String said) {
    if (!SHORT_TEXT.matcher(said).matches()) {
      throw new IllegalArgumentException(
          "A text of " + said.length() + " characters (expected: at most 64 of ASCII)");
    }
    return said;
  }

  private static GatewaySight sight(io.understudy.v1.GatewaySight sight) {
    return new GatewaySight(
        new GatewayId(sight.getGateway()),
        Optional.of(sight.getLeader()).filter(id -> !id.isEmpty()).map(NodeId::new),
        new Epoch(sight.getEpoch()),
        new Epoch(sight.getActsUnder()));
  }
}
