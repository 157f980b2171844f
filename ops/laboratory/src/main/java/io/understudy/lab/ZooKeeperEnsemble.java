package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Three real ZooKeeper servers, each in its own JVM, on loopback, with mutual TLS on the client
 * port and on the quorum port. The witness has the highest id, so that the ensemble's leader tends
 * to live there.
 */
final class ZooKeeperEnsemble {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final int ANSWER_TIMEOUT_MILLIS = 1_000;
  private static final String MAIN = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

  /** One server of the ensemble. */
  private record Member(
      int id,
      Identity identity,
      int clientPort,
      int quorumPort,
      int electionPort,
      Path directory) {}

  private final ImmutableList<Member> members;
  private final ImmutableList<LabProcess> servers;

  private ZooKeeperEnsemble(ImmutableList<Member> members, ImmutableList<LabProcess> servers) {
    this.members = members;
    this.servers = servers;
  }

  /**
   * Starts one server for each identity, in the order of their ids, the witness last, and waits for
   * a quorum.
   */
  static ZooKeeperEnsemble start(
      LabProcesses processes, Ports ports, Path directory, ImmutableList<Identity> identities) {
    ImmutableList.Builder<Member> builder = ImmutableList.builder();
    for (int i = 0; i < identities.size(); i++) {
      Identity identity = identities.get(i);
      Path home = PrivateFiles.directory(directory.resolve("zookeeper-" + identity.name()));
      builder.add(new Member(i + 1, identity, ports.next(), ports.next(), ports.next(), home));
    }
    ImmutableList<Member> members = builder.build();
    ImmutableList<LabProcess> servers =
        members.stream()
            .map(member -> launch(processes, member, members))
            .collect(ImmutableList.toImmutableList());
    ZooKeeperEnsemble ensemble = new ZooKeeperEnsemble(members, servers);
    ensemble.awaitQuorum();
    return ensemble;
  }

  /** For a client: {@code 127.0.0.1:PORT,…}. */
  String connectString() {
    return String.join(
        ",", members.stream().map(member -> "127.0.0.1:" + member.clientPort()).toList());
  }

  ImmutableList<LabProcess> servers() {
    return servers;
  }

  /** The name of the server that leads the ensemble now. */
  Optional<String> leader() {
    return members.stream()
        .filter(member -> mode(member).equals("leader"))
        .map(member -> member.identity().name())
        .findFirst();
  }

  private void awaitQuorum() {
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      servers.get(i).awaitReady(START_LIMIT, () -> !mode(member).isEmpty());
    }
    if (leader().isEmpty()) {
      throw new LabException("The ZooKeeper servers answer, but none of them leads");
    }
  }

  private static LabProcess launch(
      LabProcesses processes, Member member, ImmutableList<Member> all) {
    Path config = PrivateFiles.write(member.directory().resolve("zoo.cfg"), config(member, all));
    PrivateFiles.write(member.directory().resolve("myid"), member.id() + "\n");
    ImmutableList<String> command =
        JavaCommand.of(
                "-Xmx128m", "-Dlogback.configurationFile=io/understudy/lab/zookeeper-logback.xml")
            .classPath(System.getProperty("java.class.path"))
            .main(MAIN, config.toString());
    return processes.start(
        "ZooKeeper server " + member.identity().name(),
        command,
        member.directory().resolve("server.log"));
  }

  private static String config(Member member, ImmutableList<Member> all) {
    StringBuilder servers = new StringBuilder();
    for (Member each : all) {
      servers.append(
          "server.%d=127.0.0.1:%d:%d%n"
              .formatted(each.id(), each.quorumPort(), each.electionPort()));
    }
    Identity identity = member.identity();
    return """
    tickTime=500
    initLimit=10
    syncLimit=4
    minSessionTimeout=2000
    maxSessionTimeout=60000
    dataDir=%s
    quorumListenOnAllIPs=false
    admin.enableServer=false
    4lw.commands.whitelist=srvr,mntr,ruok
    serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
    secureClientPort=%d
    secureClientPortAddress=127.0.0.1
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
                member.directory(),
                member.clientPort(),
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
    try (Socket socket =
        context.getSocketFactory().createSocket("127.0.0.1", member.clientPort())) {
      socket.setSoTimeout(ANSWER_TIMEOUT_MILLIS);
      socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }
}
