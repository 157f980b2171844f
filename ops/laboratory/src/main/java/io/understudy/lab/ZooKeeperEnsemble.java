package io.understudy.lab;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * Three real ZooKeeper servers, each in its own JVM, with mutual TLS on the client port and on the
 * quorum port. The witness has the highest id, so that the ensemble's leader tends to live there.
 */
final class ZooKeeperEnsemble {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final int ANSWER_TIMEOUT_MILLIS = 1_000;
  private static final String DATA = "data";
  private static final String MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

  /**
   * How patient the servers are with each other.
   *
   * @param syncLimitTicks how long a server that was cut off takes itself for a member
   */
  record Timing(int tickMillis, int syncLimitTicks) {
    /** As the project's documentation recommends. */
    static final Timing QUICK = new Timing(500, 4);

    /** As in ZooKeeper's own sample configuration. */
    static final Timing ZOOKEEPER_SAMPLE = new Timing(2000, 5);
  }

  /** One server of the ensemble. */
  private record Member(
      int id,
      Host host,
      Identity identity,
      int clientPort,
      int quorumPort,
      int electionPort,
      Path directory) {
    String clientAddress() {
      return host.coordinationAddress() + ":" + clientPort;
    }
  }

  private final LabProcesses processes;
  private final Timing timing;
  private final ImmutableList<Member> members;
  private final Map<String, LabProcess> servers = new ConcurrentHashMap<>();

  private ZooKeeperEnsemble(LabProcesses processes, Timing timing, ImmutableList<Member> members) {
    this.processes = processes;
    this.timing = timing;
    this.members = members;
  }

  /**
   * Starts one server on each machine, in the order of their ids, the witness last, and waits for a
   * quorum.
   */
  static ZooKeeperEnsemble start(
      LabProcesses processes,
      Ports ports,
      Path directory,
      Timing timing,
      ImmutableMap<Host, Identity> machines) {
    ImmutableList.Builder<Member> members = ImmutableList.builder();
    int id = 1;
    for (Map.Entry<Host, Identity> machine : machines.entrySet()) {
      Host host = machine.getKey();
      Path home = PrivateFiles.directory(directory.resolve("zookeeper-" + host.name()));
      members.add(
          new Member(id, host, machine.getValue(), ports.next(), ports.next(), ports.next(), home));
      id++;
    }
    ZooKeeperEnsemble ensemble = new ZooKeeperEnsemble(processes, timing, members.build());
    ensemble.members.forEach(member -> ensemble.launch(member));
    ensemble.awaitQuorum();
    return ensemble;
  }

  /** For a client: {@code ADDRESS:PORT,…}. */
  String connectString() {
    return String.join(",", members.stream().map(Member::clientAddress).toList());
  }

  /** For a client that is to know only the server on that machine. */
  String connectString(String host) {
    return member(host).clientAddress();
  }

  /** The server on that machine. */
  LabProcess server(String host) {
    return Objects.requireNonNull(servers.get(member(host).host().name()));
  }

  /** Starts the server on that machine again after it has ended. */
  void restart(String host) {
    if (server(host).isAlive()) {
      throw new IllegalStateException(server(host).name() + " runs");
    }
    launch(member(host));
  }

  /** What the server on that machine has stored is gone, as after the loss of its disk. */
  void loseData(String host) {
    PrivateFiles.deleteTree(member(host).directory().resolve(DATA));
  }

  /** Whether the server on that machine belongs to a quorum. */
  boolean serves(String host) {
    return !mode(member(host)).isEmpty();
  }

  /** The name of the server that leads the ensemble now. */
  Optional<String> leader() {
    return members.stream()
        .filter(member -> mode(member).equals("leader"))
        .map(member -> member.host().name())
        .findFirst();
  }

  /**
   * Makes the server with the highest id the leader of an ensemble in which nothing is stored yet.
   * Of servers with empty stores it wins the election, unless the others have made a quorum before
   * it was there; then all begin anew, and one of the others joins later.
   */
  void placeLeader(String host) {
    checkArgument(members.getLast().equals(member(host)), "%s has not the highest id", host);
    if (leader().filter(host::equals).isPresent()) {
      return;
    }
    for (LabProcess server : servers.values()) {
      server.kill();
      var _ = Waiting.until(START_LIMIT, () -> !server.isAlive());
    }
    members.forEach(member -> loseData(member.host().name()));
    // Two of them need each other for a quorum.
    Member late = members.getFirst();
    members.stream().filter(member -> !member.equals(late)).forEach(this::launch);
    if (!Waiting.until(START_LIMIT, () -> leader().filter(host::equals).isPresent())) {
      throw new LabException("The ZooKeeper server on " + host + " was not elected");
    }
    launch(late);
    awaitQuorum();
  }

  private void awaitQuorum() {
    for (Member member : members) {
      server(member.host().name()).awaitReady(START_LIMIT, () -> !mode(member).isEmpty());
    }
    if (leader().isEmpty()) {
      throw new LabException("The ZooKeeper servers answer, but none of them leads");
    }
  }

  private Member member(String host) {
    return members.stream()
        .filter(member -> member.host().name().equals(host))
        .findFirst()
        .orElseThrow(() -> new LabException("There is no ZooKeeper server on " + host));
  }

  private void launch(Member member) {
    Path data = PrivateFiles.directory(member.directory().resolve(DATA));
    Path config = PrivateFiles.write(member.directory().resolve("zoo.cfg"), config(member, data));
    PrivateFiles.write(data.resolve("myid"), member.id() + "\n");
    ImmutableList<String> command =
        JavaCommand.of(
                "-Xmx128m", "-Dlogback.configurationFile=io/understudy/lab/zookeeper-logback.xml")
            .classPath(System.getProperty("java.class.path"))
            .main(MAIN, config.toString());
    String host = member.host().name();
    servers.put(
        host,
        processes.start(
            "ZooKeeper server " + host,
            member.host(),
            command,
            member.directory().resolve("server.log")));
  }

  private String config(Member member, Path data) {
    StringBuilder servers = new StringBuilder();
    for (Member each : members) {
      servers.append(
          "server.%d=%s:%d:%d%n"
              .formatted(
                  each.id(),
                  each.host().coordinationAddress(),
                  each.quorumPort(),
                  each.electionPort()));
    }
    Identity identity = member.identity();
    return """
    tickTime=%d
    initLimit=10
    syncLimit=%d
    minSessionTimeout=2000
    maxSessionTimeout=60000
    dataDir=%s
    quorumListenOnAllIPs=false
    admin.enableServer=false
    4lw.commands.whitelist=srvr,mntr,ruok
    serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
    secureClientPort=%d
    secureClientPortAddress=%s
    authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
    ssl.clientAuth=need
    ssl.keyStore.location=%s
    ssl.trustStore.location=%s
    sslQuorum=true
    ssl.quorum.clientAuth=need
    ssl.quorum.keyStore.location=%s
    ssl.quorum.trustStore.location=%s
    """
            .formatted(
                timing.tickMillis(),
                timing.syncLimitTicks(),
                data,
                member.clientPort(),
                member.host().coordinationAddress(),
                identity.keyAndCertificate(),
                identity.authority(),
                identity.keyAndCertificate(),
                identity.authority())
        + servers;
  }

  /** What the server says that it is: leader, follower, or nothing while it serves nobody. */
  private static String mode(Member member) {
    return ask(member, "srvr")
        .lines()
        .filter(line -> line.startsWith("Mode: "))
        .map(line -> line.substring("Mode: ".length()))
        .findFirst()
        .orElse("");
  }

  private static String ask(Member member, String word) {
    SSLContext context = member.identity().sslContext();
    String address = member.host().coordinationAddress();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, member.clientPort()), ANSWER_TIMEOUT_MILLIS);
      plain.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
      Socket socket =
          context.getSocketFactory().createSocket(plain, address, member.clientPort(), true);
      socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }
}
