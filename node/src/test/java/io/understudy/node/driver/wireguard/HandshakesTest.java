package io.understudy.node.driver.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.understudy.node.core.peers.TunnelSight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakesTest {
  private static final String ALLOWED =
      """
      wg0\tKEYB=\t10.77.0.2/32 fd00::2/128
      wg0\tKEYC=\t10.77.0.3/32
      wg0\tKEYN=\t10.99.0.0/24
      wg1\tKEYB2=\t10.77.0.2/32
      wg1\tKEYX=\t(none)
      """;
  private static final String LATEST =
      """
      wg0\tKEYB=\t1790000000
      wg0\tKEYC=\t0
      wg0\tKEYN=\t1790000000
      wg1\tKEYB2=\t1790000060
      nonsense
      """;

  @TempDir private Path directory;

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }

  @Test
  void aPeerIsFoundByItsAddressAndTheLaterOfTwoTunnelsCounts() {
    Handshakes handshakes = Handshakes.of(ALLOWED, LATEST);
    assertThat(handshakes.of(InetAddresses.forString("10.77.0.2"))).contains(at(1_790_000_060));
    assertThat(handshakes.of(InetAddresses.forString("fd00::2"))).contains(at(1_790_000_000));
  }

  @Test
  void aTunnelThatNeverHadAHandshakeAndAWholeNetworkSayNothing() {
    Handshakes handshakes = Handshakes.of(ALLOWED, LATEST);
    assertThat(handshakes.of(InetAddresses.forString("10.77.0.3"))).isEmpty();
    assertThat(handshakes.of(InetAddresses.forString("10.99.0.1"))).isEmpty();
    assertThat(handshakes.of(InetAddresses.forString("10.77.0.4"))).isEmpty();
  }

  private Path program(String script) throws IOException {
    Path program = directory.resolve("wg");
    Files.writeString(program, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  @Test
  void theProgramIsAskedForTwoTablesThatHoldNoSecret() throws IOException {
    Path program =
        program(
            """
            case "$*" in
              "show all allowed-ips") printf 'wg0\tKEYB=\t10.77.0.2/32\n' ;;
              "show all latest-handshakes") printf 'wg0\tKEYB=\t1790000000\n' ;;
              *) exit 1 ;;
            esac
            """);
    WireGuardTunnels tunnels = WireGuardTunnels.through(program.toString());
    assertThat(tunnels.lastHandshake("10.77.0.2:7443"))
        .isEqualTo(new TunnelSight.Handshake(at(1_790_000_000)));
    assertThat(tunnels.lastHandshake("10.77.0.3:7443")).isEqualTo(new TunnelSight.NoHandshake());
    assertThat(tunnels.lastHandshake("b.example:7443")).isEqualTo(new TunnelSight.NoHandshake());
  }

  @Test
  void aHostThatDoesNotShowItsTunnelsHasNone() throws IOException {
    WireGuardTunnels refused = WireGuardTunnels.through(program("exit 1\n").toString());
    assertThat(refused.lastHandshake("10.77.0.2:7443")).isEqualTo(new TunnelSight.Unreadable());
    WireGuardTunnels missing =
        WireGuardTunnels.through(directory.resolve("no-such-program").toString());
    assertThat(missing.lastHandshake("10.77.0.2:7443")).isEqualTo(new TunnelSight.Unreadable());
  }

  @Test
  void whereTunnelsWereShownBeforeTheNextTryIsSoon() throws IOException {
    String shows =
        """
        case "$3" in
          allowed-ips) printf 'wg0\tKEYB=\t10.77.0.2/32\n' ;;
          *) printf 'wg0\tKEYB=\t1790000000\n' ;;
        esac
        """;
    AtomicLong nanos = new AtomicLong();
    WireGuardTunnels tunnels =
        new WireGuardTunnels(new WireGuardProgram(program("exit 1\n").toString()), nanos::get);
    assertThat(tunnels.lastHandshake("10.77.0.2:1")).isEqualTo(new TunnelSight.Unreadable());
    Path _ = program(shows);
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(tunnels.lastHandshake("10.77.0.2:1")).isEqualTo(new TunnelSight.Unreadable());
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    TunnelSight shown = new TunnelSight.Handshake(at(1_790_000_000));
    assertThat(tunnels.lastHandshake("10.77.0.2:1")).isEqualTo(shown);

    Path _ = program("exit 1\n");
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(tunnels.lastHandshake("10.77.0.2:1")).isEqualTo(new TunnelSight.Unreadable());
    Path _ = program(shows);
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(tunnels.lastHandshake("10.77.0.2:1")).isEqualTo(shown);
  }
}
