package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PortScanTest {
  @Test
  void findsAPortThatTakesConnections() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Finished scan =
          Finished.run(
              Duration.ofMinutes(2),
              "the scan",
              JavaCommand.of("-Xmx64m")
                  .classPath(Path.of("target/classes").toAbsolutePath().toString())
                  .main(
                      PortScan.class.getName(),
                      "127.0.0.1",
                      Integer.toString(server.getLocalPort()),
                      Integer.toString(server.getLocalPort())));

      assertThat(scan.exitCode()).isZero();
      assertThat(scan.output().strip()).isEqualTo(Integer.toString(server.getLocalPort()));
    }
  }
}
