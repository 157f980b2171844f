package io.understudy.node.driver.zookeeper;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.CoordinationServers;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Asks each ZooKeeper server {@code srvr} on its client port, over the same mutual TLS as the
 * session. No session is opened, so nothing of ours can be disturbed, and a server without a quorum
 * answers all the same and says so. The handshake is a resumed one most times.
 */
public final class ServerProbes implements CoordinationServers {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int PORT_DEFAULT = 2181;
  private static final int ANSWER_MAX = 1 << 16;
  private static final String MODE = "Mode: ";

  private final ImmutableList<HostAndPort> servers;
  private volatile Optional<SSLContext> tls = Optional.empty();

  private ServerProbes(ImmutableList<HostAndPort> servers) {
    this.servers = servers;
  }

  /**
   * Connects to nobody yet. A server that is named twice is one.
   *
   * @param connect as in {@link ZooKeeperSettings}
   * @param material empty: plain TCP
   */
  public static ServerProbes of(String connect, Optional<Reloaded<TlsMaterial>> material)
      throws DriverException {
    ServerProbes probes =
        new ServerProbes(
            Splitter.on(',')
                .trimResults()
                .splitToStream(Splitter.on('/').split(connect).iterator().next())
                .map(server -> HostAndPort.fromString(server).withDefaultPort(PORT_DEFAULT))
                .distinct()
                .collect(ImmutableList.toImmutableList()));
    if (material.isPresent()) {
      material.get().follow(current -> probes.tls = Optional.of(ClientContext.of(current)));
    }
    return probes;
  }

  @Override
  public ImmutableList<ServerView> look() {
    return servers.stream().map(this::look).collect(ImmutableList.toImmutableList());
  }

  private ServerView look(HostAndPort server) {
    try {
      return view(server, said(server));
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return new ServerView(server.toString(), false, "does not answer: " + reason);
    }
  }

  /** What an answer means. Pure. */
  static ServerView view(HostAndPort server, String said) {
    if (said.contains("not currently serving requests")) {
      return new ServerView(server.toString(), false, "runs, and has no quorum");
    }
    return said.lines()
        .filter(line -> line.startsWith(MODE))
        .map(line -> line.substring(MODE.length()).strip())
        .findFirst()
        .map(mode -> new ServerView(server.toString(), true, mode))
        .orElseGet(() ->
            new ServerView(
                server.toString(),
                false,
                said.isEmpty()
                    ? "runs, and says nothing: allow srvr in its 4lw.commands.whitelist"
                    : "runs, and does not tell its mode: allow srvr in its 4lw.commands.whitelist"));
  }

  private String said(HostAndPort server) throws IOException {
    try (Socket socket = open(server)) {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readNBytes(ANSWER_MAX), StandardCharsets.UTF_8);
    }
  }

  private Socket open(HostAndPort server) throws IOException {
    int millis = Math.toIntExact(PATIENCE.toMillis());
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(millis);
      plain.connect(new InetSocketAddress(server.getHost(), server.getPort()), millis);
      Optional<SSLContext> context = tls;
      return context.isPresent() ? secured(plain, context.get(), server) : plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static SSLSocket secured(Socket plain, SSLContext tls, HostAndPort server)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.getSocketFactory().createSocket(plain, server.getHost(), server.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
