package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZooKeeperEnsembleTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void threeServersElectALeaderAndElectAnotherWhenItDies() {
    try (LabProcesses processes = new LabProcesses()) {
      ZooKeeperEnsemble ensemble = start(processes);
      String first = ensemble.leader().orElseThrow();

      ensemble.server(first).kill();

      assertThat(
              Waiting.until(
                  LIMIT, () -> ensemble.leader().filter(name -> !name.equals(first)).isPresent()))
          .isTrue();
    }
  }

  @Test
  void theServerWithTheHighestIdLeadsWhenItIsAskedFor() {
    try (LabProcesses processes = new LabProcesses()) {
      ZooKeeperEnsemble ensemble = start(processes);
      ensemble.server("witness").kill();
      assertThat(
              Waiting.until(
                  LIMIT, () -> ensemble.leader().filter(l -> !l.equals("witness")).isPresent()))
          .isTrue();
      ensemble.restart("witness");
      ensemble.placeLeader("witness");

      assertThat(ensemble.leader()).contains("witness");
    }
  }

  @Test
  void aClientWithACertificateOfAnotherAuthorityIsNotServed() {
    try (LabProcesses processes = new LabProcesses()) {
      ZooKeeperEnsemble ensemble = start(processes);
      Identity stranger = issue(Pki.create("lab"), "stranger", Pki.Role.NODE);
      int port =
          Integer.parseInt(ensemble.connectString().split(",", -1)[0].replaceFirst(".*:", ""));

      assertThatThrownBy(
              () -> {
                try (Socket socket =
                    stranger.sslContext().getSocketFactory().createSocket("127.0.0.1", port)) {
                  socket.getOutputStream().write(new byte[4]);
                  assertThat(socket.getInputStream().read()).isEqualTo(-1);
                }
              })
          .isInstanceOf(SSLException.class);
    }
  }

  private ZooKeeperEnsemble start(LabProcesses processes) {
    Pki pki = Pki.create("lab");
    return ZooKeeperEnsemble.start(
        processes,
        new Ports(),
        directory,
        ZooKeeperEnsemble.Timing.QUICK,
        ImmutableMap.of(
            Host.loopback("a"),
            issue(pki, "a", Pki.Role.NODE),
            Host.loopback("b"),
            issue(pki, "b", Pki.Role.NODE),
            Host.loopback("witness"),
            issue(pki, "witness", Pki.Role.WITNESS)));
  }

  private Identity issue(Pki pki, String name, Pki.Role role) {
    return pki.issue(
        directory.resolve("certificates-" + name),
        name,
        role,
        Pki.Validity.lasting(Duration.ofDays(1)));
  }
}
