package io.understudy.node.driver.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.GatewaySight;
import io.understudy.v1.PeerGrpc;
import io.understudy.v1.ProbeRequest;
import io.understudy.v1.ProbeResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node a probes node b, which says whatever a test lets it say. */
class ProbedPeersTest {
  private static final NodeId B = new NodeId("b");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name = InProcessServerBuilder.generateName();
  private final ProbedPeers peers = new ProbedPeers(new NodeId("a"), new InProcess());
  private ProbeResponse response = sane().build();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server = InProcessServerBuilder.forName(name).addService(new PeerB()).build().start();
  }

  @AfterEach
  void stop() {
    peers.startOver();
    server.shutdownNow();
  }

  private final class InProcess implements ProbedPeers.Connecting {
    @Override
    public ManagedChannel connect(NodeId node, String address, Duration timeout) {
      return InProcessChannelBuilder.forName(name).build();
    }

    @Override
    public void end(ManagedChannel channel) {
      var _ = channel.shutdownNow();
    }
  }

  private final class PeerB extends PeerGrpc.PeerImplBase {
    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> observer) {
      observer.onNext(response);
      observer.onCompleted();
    }
  }

  private static ProbeResponse.Builder sane() {
    Timestamp now = WireTimes.timestamp(Instant.now());
    return ProbeResponse.newBuilder()
        .setNode("b")
        .setVersion("0.1.0")
        .setInstance("life-1")
        .setReceivedAt(now)
        .setAnsweredAt(now)
        .addGateways(GatewaySight.newBuilder().setGateway("live").setEpoch(7));
  }

  private void isNotRead(ProbeResponse said) {
    response = said;
    DriverException unread =
        catchThrowableOfType(DriverException.class, () -> peers.probe(B, "b:1", PATIENCE));
    assertThat(unread)
        .isNotNull()
        .hasMessageContaining("answered a probe with what cannot be read");
    assertThat(unread.getMessage()).hasSizeLessThan(200);
  }

  @Test
  void whatAPeerSaysIsRead() throws DriverException {
    assertThat(peers.probe(B, "b:1", PATIENCE).report().version()).isEqualTo("0.1.0");
  }

  @Test
  void timesThatNoClockShowsAreNoAnswer() {
    Timestamp year10000 = Timestamp.newBuilder().setSeconds(253_402_300_800L).build();
    isNotRead(sane().setReceivedAt(year10000).setAnsweredAt(year10000).build());
    isNotRead(sane().setReceivedAt(year10000).build());
    isNotRead(sane().setAnsweredAt(year10000).build());
    isNotRead(sane().setAnsweredAt(Timestamp.newBuilder().setSeconds(Long.MIN_VALUE)).build());
    isNotRead(
        sane()
            .setAnsweredAt(
                Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).setNanos(Integer.MAX_VALUE))
            .build());
  }

  @Test
  void textsThatWouldFillTheHistoryAreNoAnswer() {
    isNotRead(sane().setVersion("1".repeat(500_000)).build());
    isNotRead(sane().setVersion("0.1.0\nforged line").build());
    isNotRead(sane().setInstance("1".repeat(65)).build());
  }

  @Test
  void moreGatewaysThanAnybodyRunsAreNoAnswer() {
    ProbeResponse.Builder many = sane();
    for (int i = 0; i < 1_000; i++) {
      many.addGateways(GatewaySight.newBuilder().setGateway("g" + i));
    }
    isNotRead(many.build());
  }

  @Test
  void aNameOfAnotherNodeIsShownShort() {
    response = sane().setNode("c".repeat(500_000)).build();
    DriverException other =
        catchThrowableOfType(DriverException.class, () -> peers.probe(B, "b:1", PATIENCE));
    assertThat(other).hasMessageContaining("cc...' answered instead of node 'b'");
    assertThat(other.getMessage()).hasSizeLessThan(200);
  }

  @Test
  void theNextAnswerCountsAgain() throws DriverException {
    isNotRead(sane().setVersion("1".repeat(65)).build());
    response = sane().build();
    assertThat(peers.probe(B, "b:1", PATIENCE).report().version()).isEqualTo("0.1.0");
  }
}
