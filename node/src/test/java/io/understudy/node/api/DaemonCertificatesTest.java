package io.understudy.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.understudy.node.testing.RealDaemon;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.GetClusterRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon, whose files are replaced while it waits for coordination. */
class DaemonCertificatesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;

  @Test
  void aDaemonThatRunsUsesNewCertificatesAndTheListOfRevokedOnes() throws Exception {
    try (RealDaemon daemon =
        RealDaemon.start(
            directory, List.of("connect: 127.0.0.1:1", "start-timeout: 5m"), Map.of())) {
      willAnswer(daemon, daemon.apiAuthority().issue("vera", "viewer"), Status.Code.OK);
      TestAuthority next = new TestAuthority(directory, "next");
      PemFiles olga = next.issue("olga", "operator");

      daemon.api().trusting(olga.authority());
      daemon.api().replacedBy(next.issue("a", "node"));
      willAnswer(daemon, olga, Status.Code.OK);

      Path _ = Files.writeString(daemon.revoked(), olga.serial().toString(16) + "  # olga\n");
      willAnswer(daemon, olga, Status.Code.UNAUTHENTICATED);
    }
  }

  private static void willAnswer(RealDaemon daemon, PemFiles caller, Status.Code expected)
      throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Status answer = answer(daemon, caller);
    while (answer.getCode() != expected && System.nanoTime() < deadline) {
      LockSupport.parkNanos(100_000_000);
      answer = answer(daemon, caller);
    }
    assertThat(answer.getCode()).as("%s %s", answer, daemon.log()).isEqualTo(expected);
  }

  private static Status answer(RealDaemon daemon, PemFiles caller) throws IOException {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress(
                "127.0.0.1",
                daemon.apiPort(),
                TlsChannelCredentials.newBuilder()
                    .keyManager(caller.certificate().toFile(), caller.key().toFile())
                    .trustManager(caller.authority().toFile())
                    .build())
            .build();
    try {
      var _ =
          ControlPlaneGrpc.newBlockingStub(channel)
              .withDeadlineAfter(10, TimeUnit.SECONDS)
              .getCluster(GetClusterRequest.getDefaultInstance());
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    } finally {
      var _ = channel.shutdownNow();
    }
  }
}
