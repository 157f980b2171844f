package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What nodes need around them, in one private directory: certificates, secrets, three ZooKeeper
 * servers, the simulated broker, and a gateway program for each of the nodes. Starts no node. Its
 * processes end with the {@link LabProcesses} given.
 */
final class LabWorld {
  private static final Pki.Validity VALIDITY = Pki.Validity.lasting(Duration.ofDays(30));
  private static final Duration INSTALL_LIMIT = Duration.ofSeconds(30);

  private final LabProcesses processes;
  private final Installation installation;
  private final Path directory;
  private final Ports ports = new Ports();
  private final Pki pki = Pki.create("understudy-lab");
  private final ImmutableMap<String, Identity> identities;
  private final ImmutableMap<String, Identity> coordinationIdentities;
  private final LabSettings settings;
  private final LabSecrets secrets;
  private final SimulatedBroker broker;
  private final ZooKeeperEnsemble zookeeper;

  private LabWorld(
      LabProcesses processes, Installation installation, Path directory, LabSettings settings) {
    this.processes = processes;
    this.installation = installation;
    this.directory = directory;
    this.settings = settings;
    this.identities =
        issue(host -> pki.issue(home(host.name()), host.name(), Pki.Role.NODE, VALIDITY, host));
    this.coordinationIdentities =
        issue(host ->
            pki.issue(home(host.name()), "coordination", Pki.Role.COORDINATION, VALIDITY, host));
    this.secrets =
        LabSecrets.write(
            directory.resolve("secrets"),
            settings.gateways(),
            settings.secondFactor(),
            new SecureRandom());
    PrivateFiles.write(expectedPositions(), LabPositions.expected());
    // All at once, since each takes seconds.
    broker =
        SimulatedBroker.launch(
            processes,
            settings.broker(),
            ports,
            installation,
            directory,
            LabPositions.users(secrets, settings.gateways()));
    List<LabProcess> installers =
        settings.nodes().stream().map(Host::name).map(this::installGateway).toList();
    zookeeper = ZooKeeperEnsemble.start(processes, ports, directory, settings.timing(), machines());
    settings.ensembleLeader().ifPresent(zookeeper::placeLeader);
    installers.forEach(LabWorld::checkInstalled);
    broker.awaitReady();
  }

  /** Starts everything and waits until each part answers. */
  static LabWorld start(
      LabProcesses processes, Installation installation, Path directory, LabSettings settings) {
    return new LabWorld(processes, installation, PrivateFiles.directory(directory), settings);
  }

  LabSettings settings() {
    return settings;
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

  ZooKeeperEnsemble zookeeper() {
    return zookeeper;
  }

  /** For a node's configuration. */
  String zookeeperConnectString(String node) {
    return switch (settings.reach()) {
      case ALL_SERVERS -> zookeeper.connectString();
      case LOCAL_SERVER -> zookeeper.connectString(node);
    };
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

  /** Where the daemon of a node keeps what it must not forget. */
  static Path stateDirectory(Path directory, String node, String cluster) {
    return directory.resolve("node-" + node).resolve("state-" + cluster);
  }

  /** Where the daemon of a node asks about the tunnels. */
  static Path tunnelSocket(Path directory, String node) {
    return directory.resolve("tunnel-" + node + ".socket");
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

  private ImmutableMap<String, Identity> issue(Function<Host, Identity> issuer) {
    return settings.nodes().stream().collect(ImmutableMap.toImmutableMap(Host::name, issuer));
  }

  /** Where the ZooKeeper servers run, in the order of their ids. */
  private ImmutableMap<Host, Identity> machines() {
    Host witness = settings.witness();
    Map<Host, Identity> machines = new LinkedHashMap<>();
    settings.nodes().forEach(host -> machines.put(host, identity(host.name())));
    machines.put(
        witness,
        pki.issue(
            directory.resolve("witness"), witness.name(), Pki.Role.WITNESS, VALIDITY, witness));
    // Of servers that know the same, the one with the highest id is elected.
    String last = settings.ensembleLeader().orElse(witness.name());
    return ImmutableMap.<Host, Identity>builder()
        .putAll(Maps.filterKeys(machines, host -> !host.name().equals(last)))
        .putAll(Maps.filterKeys(machines, host -> host.name().equals(last)))
        .buildOrThrow();
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
