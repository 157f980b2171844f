package io.understudy.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.Event;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.LoginRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import io.understudy.v1.WatchEventsRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server on loopback with real certificates. */
class MutualTlsTest {
  private final FakeNodeControl control = new FakeNodeControl(new ClusterScript().status());
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicReference<ImmutableSet<BigInteger>> revoked =
      new AtomicReference<>(ImmutableSet.of());
  @TempDir private Path directory;
  private TestAuthority authority;
  private ApiServer server;

  @BeforeEach
  void start() throws DriverException {
    authority = new TestAuthority(directory, "demo-authority");
    server =
        ApiServer.start(
            settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), control);
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
  }

  @Test
  void everyRoleReadsTheClusterOverTls() throws IOException {
    for (String role : List.of("operator", "viewer", "node")) {
      Cluster cluster = getCluster(authority.issue("x" + role, role));
      assertThat(cluster.getName()).isEqualTo("demo");
    }
  }

  @Test
  void aViewersMutationIsDenied() throws IOException {
    ManagedChannel channel = channel(authority.issue("vera", "viewer"));
    StatusRuntimeException denied =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ControlPlaneGrpc.newBlockingStub(channel)
                    .haltTrading(MutationRequest.getDefaultInstance())
                    .hasNext());
    assertThat(denied.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(denied.getStatus().getDescription()).contains("'vera' has the role viewer");
  }

  @Test
  void aCertificateWithoutRoleIsUnauthenticated() throws IOException {
    assertThat(refusal(authority.issue("w", "witness")).getStatus().getCode())
        .isEqualTo(Status.Code.UNAUTHENTICATED);
  }

  @Test
  void anExpiredCertificateIsRefusedByTheHandshake() throws IOException {
    PemFiles expired = authority.issue("olga", "operator", Instant.now().minusSeconds(60));
    assertThat(refusal(expired).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedByTheHandshake() throws IOException {
    PemFiles foreign = new TestAuthority(directory, "other-authority").issue("olga", "operator");
    PemFiles mixed = new PemFiles(foreign.certificate(), foreign.key(), own().authority());
    assertThat(refusal(mixed).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aClientWithoutCertificateIsRefusedByTheHandshake() throws IOException {
    ManagedChannel channel =
        channel(
            TlsChannelCredentials.newBuilder().trustManager(own().authority().toFile()).build());
    assertThat(refusal(channel).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aRevokedCertificateIsRefusedAtTheNextCallOfAConnectionThatStands() throws Exception {
    PemFiles olga = authority.issue("olga", "operator");
    ManagedChannel standing = channel(olga);
    ControlPlaneGrpc.ControlPlaneBlockingStub stub = ControlPlaneGrpc.newBlockingStub(standing);
    assertThat(stub.getCluster(GetClusterRequest.getDefaultInstance()).getName()).isEqualTo("demo");

    revoked.set(ImmutableSet.of(olga.serial()));

    for (StatusRuntimeException refused : List.of(refusal(standing), refusal(olga))) {
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused.getStatus().getDescription())
          .contains("CN=olga")
          .contains("serial number " + olga.serial().toString(16) + " is revoked");
    }
    assertThat(getCluster(authority.issue("vera", "viewer")).getName()).isEqualTo("demo");
  }

  @Test
  void aStreamOfEventsEndsWhenItsCallerIsRevoked() throws Exception {
    PemFiles olga = authority.issue("olga", "operator");
    Iterator<Event> events =
        ControlPlaneGrpc.newBlockingStub(channel(olga))
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .watchEvents(WatchEventsRequest.getDefaultInstance());
    assertThat(events.next().getCluster().getName()).isEqualTo("demo");

    revoked.set(ImmutableSet.of(olga.serial()));

    StatusRuntimeException ended =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> {
              while (events.hasNext()) {
                events.next();
              }
            });
    assertThat(ended.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(ended.getStatus().getDescription()).contains("is revoked");
  }

  @Test
  void aLoginThatIsFollowedEndsWhenItsCallerIsRevoked() throws Exception {
    PemFiles olga = authority.issue("olga", "operator");
    CompletableFuture<Void> ended = new CompletableFuture<>();
    StreamObserver<LoginRequest> requests =
        ControlPlaneGrpc.newStub(channel(olga)).login(new Ending(ended));
    revoked.set(ImmutableSet.of(olga.serial()));
    requests.onNext(LoginRequest.newBuilder().setCode("123456").build());
    assertThat(ended.handle((_, error) -> String.valueOf(error)).get(20, TimeUnit.SECONDS))
        .contains("UNAUTHENTICATED")
        .contains("is revoked");
  }

  @Test
  void reflectionListsTheServices() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel(authority.issue("vera", "viewer")))
            .serverReflectionInfo(new FirstAnswer(answer));
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("*").build());
    assertThat(answer.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
        .extracting("name")
        .contains("understudy.v1.ControlPlane", "understudy.v1.Peer", "grpc.health.v1.Health");
  }

  @Test
  void aBusyPortIsOneClearSentence() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), busy.getLocalPort());
      DriverException e =
          catchThrowableOfType(
              DriverException.class, () -> ApiServer.start(settings(address), control));
      assertThat(e.kind()).isEqualTo(DriverException.Kind.PERMANENT);
      assertThat(e).hasMessageContaining("cannot listen on localhost:" + address.getPort());
    }
  }

  private ApiServer.Settings settings(InetSocketAddress address) throws DriverException {
    return new ApiServer.Settings(
        ImmutableList.of(address), own().material(), revoked::get, Duration.ofSeconds(30));
  }

  private PemFiles own() {
    return authority.issue("a", "node");
  }

  private Cluster getCluster(PemFiles files) throws IOException {
    return ControlPlaneGrpc.newBlockingStub(channel(files))
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .getCluster(GetClusterRequest.getDefaultInstance());
  }

  private StatusRuntimeException refusal(PemFiles files) throws IOException {
    return refusal(channel(files));
  }

  private static StatusRuntimeException refusal(ManagedChannel channel) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () ->
            ControlPlaneGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getCluster(GetClusterRequest.getDefaultInstance()));
  }

  private ManagedChannel channel(PemFiles files) throws IOException {
    return channel(
        TlsChannelCredentials.newBuilder()
            .keyManager(files.certificate().toFile(), files.key().toFile())
            .trustManager(files.authority().toFile())
            .build());
  }

  private ManagedChannel channel(ChannelCredentials credentials) {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1", server.addresses().getFirst().getPort(), credentials)
            .build();
    channels.add(channel);
    return channel;
  }

  private record Ending(CompletableFuture<Void> ended) implements StreamObserver<Progress> {
    @Override
    public void onNext(Progress progress) {}

    @Override
    public void onError(Throwable error) {
      ended.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }

  private record FirstAnswer(CompletableFuture<ServerReflectionResponse> answer)
      implements StreamObserver<ServerReflectionResponse> {
    @Override
    public void onNext(ServerReflectionResponse response) {
      answer.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      answer.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {}
  }
}
