package io.understudy.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.spi.DriverException;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.v1.PeerGrpc;
import io.understudy.v1.PeerGrpc.PeerBlockingStub;
import io.understudy.v1.ProbeRequest;
import io.understudy.v1.ProbeResponse;
import io.understudy.v1.RelinquishRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerServiceTest {
  private static final RelinquishRequest RELINQUISH =
      RelinquishRequest.newBuilder().setNode("b").setGateway("live").setEpoch(8).build();

  private final FakeNodeControl control = new FakeNodeControl(new ClusterScript().status());
  private final InProcessApi api = new InProcessApi(control);
  private final PeerBlockingStub peer = PeerGrpc.newBlockingStub(api.as(CallerRole.NODE, "b"));

  @AfterEach
  void close() {
    api.close();
  }

  private StatusRuntimeException refusal(RelinquishRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> peer.withDeadlineAfter(5, TimeUnit.SECONDS).relinquish(request));
  }

  @Test
  void aProbeTellsCellsLeaseAndClock() {
    ProbeResponse response =
        peer.probe(
            ProbeRequest.newBuilder()
                .setNode("b")
                .setSentAt(Timestamp.getDefaultInstance())
                .build());
    assertThat(response.getNode()).isEqualTo("a");
    assertThat(response.getCellsList())
        .singleElement()
        .satisfies(cell -> assertThat(cell.getGateway()).isEqualTo("live"));
    assertThat(response.hasReceivedAt()).isTrue();
    assertThat(response.hasAnsweredAt()).isTrue();
    assertThat(response.getLeaseRemaining().getSeconds()).isEqualTo(5);
  }

  @Test
  void aRelinquishIsAnsweredWithTheFormerEpochOnceTheLoopConfirms() {
    control.relinquishWith((_, _) -> CompletableFuture.completedFuture(new Epoch(7)));
    assertThat(peer.relinquish(RELINQUISH).getFormerEpoch()).isEqualTo(7);
    assertThat(control.relinquished()).containsExactly("b live 8");
  }

  @Test
  void aRelinquishUnderAnOldEpochIsRefused() {
    control.relinquishWith((_, _) ->
        CompletableFuture.failedFuture(
            DriverException.permanentError("epoch 9 is known here, and 8 is older")));
    StatusRuntimeException refusal = refusal(RELINQUISH);
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(ErrorInfos.of(refusal).getReason()).isEqualTo("STALE_EPOCH");
    assertThat(refusal.getStatus().getDescription()).contains("epoch 9");
  }

  @Test
  void aRelinquishThatCannotBeConfirmedIsToBeRetried() {
    control.relinquishWith((_, _) ->
        CompletableFuture.failedFuture(DriverException.transientError("the gateway did not stop")));
    assertThat(refusal(RELINQUISH).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aNodeSpeaksOnlyForItself() {
    assertThat(refusal(RELINQUISH.toBuilder().setNode("c").build()).getStatus().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(control.relinquished()).isEmpty();
  }

  @Test
  void anUnknownGatewayIsRefused() {
    assertThat(refusal(RELINQUISH.toBuilder().setGateway("paper").build()).getStatus().getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void anExceptionThatNobodyExpectsIsABugWithACorrelationId() {
    control.relinquishWith((_, _) -> {
      throw new IllegalStateException("the invariant of ledger 4711 is broken");
    });
    StatusRuntimeException refusal = refusal(RELINQUISH);
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(refusal.getStatus().getDescription()).doesNotContain("4711");
    assertThat(ErrorInfos.of(refusal).getMetadataMap()).containsKey("correlation_id");
  }
}
