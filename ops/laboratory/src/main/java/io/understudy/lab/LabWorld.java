package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What nodes need around them, in one private directory: certificates, secrets, three ZooKeeper
 * servers, the simulated broker, and a gateway program for each of the nodes {@code a} and {@code
 * b}. Starts no node. Its processes end with the {@link LabProcesses} given.
 */
final class LabWorld {
  static final ImmutableList<String> NODES = ImmutableList.of("a", "b");

  private static final Pki.Validity VALIDITY = Pki.Validity.lasting(Duration.ofDays(30));
  private static final Duration INSTALL_LIMIT = Duration.ofSeconds(30);

  /** How the brokerage login is confirmed; a login without a second factor takes no time. */
  enum SecondFactor {
    TOTP,
    NONE
  }

  private final LabProcesses processes;
  private final Installation installation;
  private final Path directory;
  private final Ports ports = new Ports();
  private final Pki pki = Pki.create("understudy-lab");
  private final ImmutableMap<String, Identity> identities;
  private final ImmutableMap<String, Identity> coordinationIdentities;
  private final LabSecrets secrets;
  private final SimulatedBroker broker;
  private final ZooKeeperEnsemble zookeeper;

  private LabWorld(
      LabProcesses processes,
      Installation installation,
      Path directory,
      SecondFactor secondFactor) {
    this.processes = processes;
    this.installation = installation;
    this.directory = directory;
    this.identities = Maps.toMap(NODES, id -> pki.issue(home(id), id, Pki.Role.NODE, VALIDITY));
    this.coordinationIdentities =
        Maps.toMap(
            NODES, id -> pki.issue(home(id), "coordination", Pki.Role.COORDINATION, VALIDITY));
    this.secrets = LabSecrets.write(directory.resolve("secrets"), secondFactor, new SecureRandom());
    PrivateFiles.write(expectedPositions(), LabPositions.expected());
    // All at once, since each takes seconds.
    broker =
        SimulatedBroker.launch(
            processes, ports, installation, directory, LabPositions.users(secrets));
    List<LabProcess> installers = NODES.stream().map(this::installGateway).toList();
    Identity witness =
        pki.issue(directory.resolve("witness"), "witness", Pki.Role.WITNESS, VALIDITY);
    zookeeper =
        ZooKeeperEnsemble.start(
            processes,
            ports,
            directory,
            ImmutableList.<Identity>builder().addAll(identities.values()).add(witness).build());
    installers.forEach(LabWorld::checkInstalled);
    broker.awaitReady();
  }

  /** Starts everything and waits until each part answers. */
  static LabWorld start(
      LabProcesses processes,
      Installation installation,
      Path directory,
      SecondFactor secondFactor) {
    return new LabWorld(processes, installation, PrivateFiles.directory(directory), secondFactor);
  }

  LabProcesses processes() {
    return processes;
  }

  Installation installation() {
    return installation;
  }

  Path directory() {
    return directory;
  }

  Ports ports() {
    return ports;
  }

  Pki pki() {
    return pki;
  }

  LabSecrets secrets() {
    return secrets;
  }

  SimulatedBroker broker() {
    return broker;
  }

  /** For the nodes' configuration. */
  String zookeeperConnectString() {
    return zookeeper.connectString();
  }

  /** The certificate that both the daemon and the ZooKeeper server of a node show. */
  Identity identity(String node) {
    return Objects.requireNonNull(identities.get(node));
  }

  /** The certificate that a node shows to ZooKeeper: own key, and the name that all nodes share. */
  Identity coordinationIdentity(String node) {
    return Objects.requireNonNull(coordinationIdentities.get(node));
  }

  /** Where everything of a node lies. */
  Path home(String node) {
    return PrivateFiles.directory(directory.resolve("node-" + node));
  }

  /** Where the gateway program of a node is installed. */
  Path gatewayProgram(String node) {
    return home(node).resolve("clientportal.gw");
  }

  /** The file that stands for the trading engine's own books. */
  Path expectedPositions() {
    return directory.resolve("expected-positions.json");
  }

  /** Writes a file of contexts for the command line: one with all nodes, and one for each alone. */
  Path writeContexts(ImmutableList<LabNode.Endpoints> nodes) {
    Identity operator =
        pki.issue(directory.resolve("operator"), "alice", Pki.Role.OPERATOR, VALIDITY);
    StringBuilder text = new StringBuilder("current-context: all\ncontexts:\n");
    text.append(
        context("all", operator, nodes.stream().map(LabNode.Endpoints::apiAddress).toList()));
    // To watch the node that stays while the other one goes.
    for (LabNode.Endpoints node : nodes) {
      text.append(context("node-" + node.id(), operator, List.of(node.apiAddress())));
    }
    return PrivateFiles.write(directory.resolve("contexts.yaml"), text.toString());
  }

  private static String context(String name, Identity operator, List<String> endpoints) {
    return """
      %s:
        endpoints: ["%s"]
        certificate: %s
        key: %s
        authority: %s
    """
        .formatted(
            name,
            String.join("\", \"", endpoints),
            operator.certificate(),
            operator.key(),
            operator.authority());
  }

  private LabProcess installGateway(String node) {
    ImmutableList<String> command =
        JavaCommand.of()
            .classPath(installation.classPath("ops/simulator"))
            .main(
                "io.understudy.simulator.InstallGateway",
                gatewayProgram(node).toString(),
                "name=" + node,
                "auth-delay=0ms");
    return processes.start(
        "the installation of the gateway program of node " + node,
        command,
        home(node).resolve("install.log"));
  }

  private static void checkInstalled(LabProcess installer) {
    int status = installer.awaitExit(INSTALL_LIMIT);
    if (status != 0) {
      throw new LabException(installer.name() + " failed" + installer.last());
    }
  }
}
