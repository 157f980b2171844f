package io.understudy.node.driver.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.peers.TunnelSight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A socket of the kind that the host's agent listens on. */
class TunnelSocketTest {
  @TempDir private Path directory;

  /** Answers each line as the table says, one connection each. */
  private final class Agent implements AutoCloseable {
    private final ServerSocketChannel server;
    private final ImmutableMap<String, String> answers;

    Agent(ImmutableMap<String, String> answers) throws IOException {
      this.answers = answers;
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(path()));
      var _ = Thread.ofPlatform().daemon().name("agent").start(this::serve);
    }

    private void serve() {
      while (true) {
        try (SocketChannel caller = server.accept();
            Scanner in = new Scanner(Channels.newInputStream(caller), StandardCharsets.UTF_8)) {
          String answer = answers.getOrDefault(in.nextLine(), "error: what is that?\n");
          caller.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        } catch (ClosedChannelException _) {
          return;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private Path path() {
    return directory.resolve("tunnel.socket");
  }

  @Test
  void handshakesAreReadThroughTheAgent() throws Exception {
    ImmutableMap<String, String> tables =
        ImmutableMap.of(
            "allowed-ips", "wg0\tKEYB=\t10.77.0.2/32\n",
            "latest-handshakes", "wg0\tKEYB=\t1790000000\n");
    try (Agent _ = new Agent(tables)) {
      WireGuardTunnels tunnels = WireGuardTunnels.through(new TunnelSocket(path()));
      assertThat(tunnels.lastHandshake("10.77.0.2:7443"))
          .isEqualTo(new TunnelSight.Handshake(Instant.ofEpochSecond(1_790_000_000)));
    }
  }

  @Test
  void aLongAnswerComesWhole() throws Exception {
    String table = "wg0\tKEY=\t10.77.0.2/32\n".repeat(10_000);
    try (Agent _ = new Agent(ImmutableMap.of("allowed-ips", table))) {
      assertThat(new TunnelSocket(path()).ask("allowed-ips")).isEqualTo(table);
    }
  }

  @Test
  void aRefusalIsAnErrorWithTheAgentsSentence() throws Exception {
    ImmutableMap<String, String> refusal =
        ImmutableMap.of("cut 999", "error: cut '999' (expected: 1 to 300 seconds)\n");
    try (Agent _ = new Agent(refusal)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> new TunnelSocket(path()).ask("cut 999"))
          .withMessage(path() + ": cut '999' (expected: 1 to 300 seconds)");
    }
  }

  @Test
  void whereNobodyListensTheTunnelsAreUnreadable() {
    WireGuardTunnels tunnels = WireGuardTunnels.through(new TunnelSocket(path()));
    assertThat(tunnels.lastHandshake("10.77.0.2:7443")).isEqualTo(new TunnelSight.Unreadable());
  }
}
