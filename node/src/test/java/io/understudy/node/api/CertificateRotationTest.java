package io.understudy.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.GetClusterRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that runs on while its files are replaced, with a caller that never stops calling. */
class CertificateRotationTest {
  private final FakeNodeControl control = new FakeNodeControl(new ClusterScript().status());
  @TempDir private Path directory;
  private TestAuthority former;
  private TestAuthority next;
  private PemFiles own;
  private PemFiles caller;
  private Reloaded<TlsMaterial> material;
  private ApiServer server;
  private ManagedChannel standing;

  @BeforeEach
  void start() throws Exception {
    former = new TestAuthority(directory, "former");
    next = new TestAuthority(directory, "next");
    own = former.issue("a", "node").copiedTo(directory.resolve("server"));
    caller = former.issue("olga", "operator").copiedTo(directory.resolve("caller"));
    material = own.material();
    server =
        ApiServer.start(
            new ApiServer.Settings(
                ImmutableList.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                material,
                ImmutableSet::of,
                Duration.ofSeconds(30)),
            control);
    standing = channel(caller);
  }

  @AfterEach
  void stop() {
    standing.shutdownNow();
    server.close();
  }

  /** Two looks, as a second of the daemon's life has. */
  private void reload() {
    material.look(Instant.now());
    material.look(Instant.now());
  }

  private ManagedChannel channel(PemFiles files) throws IOException {
    return Grpc.newChannelBuilderForAddress(
            "127.0.0.1",
            server.addresses().getFirst().getPort(),
            TlsChannelCredentials.newBuilder()
                .keyManager(files.certificate().toFile(), files.key().toFile())
                .trustManager(files.authority().toFile())
                .build())
        .build();
  }

  private static void call(ManagedChannel channel) {
    assertThat(
            ControlPlaneGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .getCluster(GetClusterRequest.getDefaultInstance())
                .getName())
        .isEqualTo("demo");
  }

  /** Over the connection that has stood from the beginning, and over a new one. */
  private void callsPass() throws IOException {
    call(standing);
    ManagedChannel fresh = channel(caller);
    try {
      call(fresh);
    } finally {
      var _ = fresh.shutdownNow();
    }
  }

  private Status refusal(PemFiles files) throws IOException {
    ManagedChannel channel = channel(files);
    try {
      return catchThrowableOfType(StatusRuntimeException.class, () -> call(channel)).getStatus();
    } finally {
      var _ = channel.shutdownNow();
    }
  }

  @Test
  void anAuthorityIsReplacedInThreeStagesAndNoCallFails() throws Exception {
    callsPass();
    Path formerAuthority = former.issue("any", "node").authority();
    Path nextAuthority = next.issue("any", "node").authority();

    // Both ends trust both, in either order.
    own.trusting(formerAuthority, nextAuthority);
    reload();
    callsPass();
    caller.trusting(formerAuthority, nextAuthority);
    callsPass();

    // Both ends have certificates of the new one, in either order.
    own.replacedBy(next.issue("a", "node"));
    reload();
    callsPass();
    caller.replacedBy(next.issue("olga", "operator"));
    callsPass();

    // Nobody trusts the former one.
    own.trusting(nextAuthority);
    reload();
    callsPass();
    caller.trusting(nextAuthority);
    callsPass();
    PemFiles late = former.issue("late", "operator").copiedTo(directory.resolve("late"));
    late.trusting(nextAuthority);
    assertThat(refusal(late).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void aPairThatDoesNotFitChangesNothingForAnybody() throws Exception {
    own.replacedBy(
        new PemFiles(
            next.issue("a", "node").certificate(),
            former.issue("a", "node").key(),
            own.authority()));
    reload();
    callsPass();
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    callsPass();
    assertThat(refusal(former.issue("olga", "operator", Instant.now().minusSeconds(60))).getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }
}
