package io.understudy.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers a daemon what root's helper answers it on a real host: cuts the tunnel of the host for a
 * time, whatever becomes of the daemon meanwhile. There is no WireGuard in the fault lab, so all
 * else is refused. Owns a thread, and one for each cut; closing ends the first.
 */
final class StandInTunnels implements AutoCloseable {
  private static final Pattern CUT = Pattern.compile("cut ([0-9]{1,3})");

  private final ServerSocketChannel server;
  private final LabNetwork network;
  private final String host;
  private final AtomicInteger cuts = new AtomicInteger();

  private StandInTunnels(ServerSocketChannel server, LabNetwork network, String host) {
    this.server = server;
    this.network = network;
    this.host = host;
  }

  static StandInTunnels answer(Path socket, LabNetwork network, String host) {
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      StandInTunnels tunnels = new StandInTunnels(server, network, host);
      Thread.ofPlatform().daemon().name("tunnels-" + host).start(tunnels::serve);
      return tunnels;
    } catch (IOException e) {
      throw new LabException("Cannot listen at " + socket, e);
    }
  }

  /** How often the tunnel was cut. */
  int cuts() {
    return cuts.get();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new LabException("Cannot close the socket of " + host, e);
    }
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel caller = server.accept()) {
        BufferedReader in = new BufferedReader(Channels.newReader(caller, StandardCharsets.UTF_8));
        String line = in.readLine();
        String answer = answerTo(line == null ? "" : line);
        caller.write(ByteBuffer.wrap((answer + "\n").getBytes(StandardCharsets.UTF_8)));
      } catch (IOException _) {
        // Closed, or the caller did not wait for its answer.
      }
    }
  }

  private String answerTo(String line) {
    Matcher cut = CUT.matcher(line);
    if (!cut.matches()) {
      return "error: the lab has no tunnels to show";
    }
    cuts.incrementAndGet();
    Duration lasting = Duration.ofSeconds(Long.parseLong(cut.group(1)));
    network.cutTunnel(host);
    Thread.ofPlatform()
        .daemon()
        .name("cut-of-" + host)
        .start(() -> {
          Waiting.pause(lasting);
          network.heal();
        });
    return "cut for " + lasting.toSeconds() + " s";
  }
}
