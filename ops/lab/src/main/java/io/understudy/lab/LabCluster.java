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
 * A whole cluster in one private directory: certificates, secrets, three ZooKeeper servers, the
 * simulated broker, the nodes {@code a} and {@code b} with a gateway program each, and a file of
 * contexts for the command line. Closing ends all of it; the directory stays until {@link
 * #deleteDirectory}.
 */
final class LabCluster implements AutoCloseable {
  static final String NAME = "demo";
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
  static final String GATEWAY = "live";
  static final String USER = "demo-trader";
  static final String ACCOUNT = "U7654321";

  private static final ImmutableList<String> NODES = ImmutableList.of("a", "b");
  private static final Pki.Validity VALIDITY = Pki.Validity.lasting(Duration.ofDays(30));
  private static final Duration INSTALL_LIMIT = Duration.ofSeconds(30);

  /** How the brokerage login is confirmed; a login without a second factor takes no time. */
  enum SecondFactor {
    TOTP,
    NONE
  }

  private final Path directory;
  private final LabProcesses processes;
  private final Ports ports = new Ports();
  private final Pki pki = Pki.create(NAME);
  private final ImmutableMap<String, Identity> identities;
  private final Installation installation;
  private final LabSecrets secrets;
  private final SimulatedBroker broker;
  private final ImmutableList<LabNode> nodes;
  private final CommandLine commandLine;

  private LabCluster(
      LabProcesses processes,
      Installation installation,
      Path directory,
      SecondFactor secondFactor) {
    this.processes = processes;
    this.installation = installation;
    this.directory = directory;
    this.identities = Maps.toMap(NODES, this::identity);
    this.secrets = LabSecrets.write(directory.resolve("secrets"), secondFactor, new SecureRandom());
    try {
      broker =
          SimulatedBroker.launch(
              processes, ports, installation, directory, LabPositions.users(secrets));
      List<LabProcess> installers = NODES.stream().map(this::installGateway).toList();
      ZooKeeperEnsemble zookeeper = startZooKeeper();
      installers.forEach(LabCluster::checkInstalled);
      broker.awaitReady();
      PrivateFiles.write(expectedPositions(), LabPositions.expected());
      nodes =
          NODES.stream()
              .map(id -> startNode(id, zookeeper.connectString()))
              .collect(ImmutableList.toImmutableList());
      commandLine =
          new CommandLine(
              installation.commandLine(),
              writeContexts(),
              Path.of(System.getProperty("java.home")));
      nodes.forEach(LabNode::awaitReady);
    } catch (RuntimeException e) {
      processes.close();
      throw e;
    }
  }

  /** Starts everything and waits until each part answers. */
  static LabCluster start(
      LabProcesses processes,
      Installation installation,
      Path directory,
      SecondFactor secondFactor) {
    return new LabCluster(processes, installation, PrivateFiles.directory(directory), secondFactor);
  }

  Path directory() {
    return directory;
  }

  SimulatedBroker broker() {
    return broker;
  }

  CommandLine commandLine() {
    return commandLine;
  }

  ImmutableList<LabNode> nodes() {
    return nodes;
  }

  LabProcesses processes() {
    return processes;
  }

  LabNode node(String id) {
    return nodes.stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new LabException("There is no node " + id));
  }

  LabNode other(LabNode node) {
    return nodes.stream().filter(each -> each != node).findFirst().orElseThrow();
  }

  /** The file that stands for the trading engine's own books. */
  Path expectedPositions() {
    return directory.resolve("expected-positions.json");
  }

  /** The certificate of the operator's command line. */
  private Identity operator() {
    return pki.issue(directory.resolve("operator"), "alice", Pki.Role.OPERATOR, VALIDITY);
  }

  /** Ends everything; nodes first and in peace, so that they log out. */
  @Override
  public void close() {
    nodes.forEach(node -> {
      if (node.daemon().isAlive()) {
        var _ = node.stop();
      }
    });
    processes.close();
  }

  void deleteDirectory() {
    PrivateFiles.deleteTree(directory);
  }

  private ZooKeeperEnsemble startZooKeeper() {
    Identity witness =
        pki.issue(directory.resolve("witness"), "witness", Pki.Role.WITNESS, VALIDITY);
    return ZooKeeperEnsemble.start(
        processes,
        ports,
        directory,
        ImmutableList.<Identity>builder().addAll(identities.values()).add(witness).build());
  }

  private Identity identity(String node) {
    return pki.issue(home(node), node, Pki.Role.NODE, VALIDITY);
  }

  private Path home(String node) {
    return PrivateFiles.directory(directory.resolve("node-" + node));
  }

  private LabProcess installGateway(String node) {
    ImmutableList<String> command =
        JavaCommand.of()
            .classPath(installation.classPath("ops/simulator"))
            .main(
                "io.understudy.simulator.InstallGateway",
                home(node).resolve("clientportal.gw").toString(),
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

  private LabNode startNode(String id, String connectString) {
    LabNode.Endpoints endpoints = LabNode.Endpoints.choose(id, ports);
    String config =
        NodeConfigFile.of(
            endpoints,
            Objects.requireNonNull(identities.get(id)),
            secrets,
            connectString,
            broker.uri(),
            home(id),
            expectedPositions());
    Path file = PrivateFiles.write(home(id).resolve("understudyd.yaml"), config);
    return LabNode.start(processes, installation, endpoints, home(id), file);
  }

  private Path writeContexts() {
    Identity operator = operator();
    StringBuilder text = new StringBuilder("current-context: " + NAME + "\ncontexts:\n");
    text.append(
        context(
            NAME, operator, nodes.stream().map(node -> node.endpoints().apiAddress()).toList()));
    // One for each node alone: to watch the one that stays while the other goes.
    for (LabNode node : nodes) {
      text.append(context("node-" + node.id(), operator, List.of(node.endpoints().apiAddress())));
    }
    return PrivateFiles.write(directory.resolve("contexts.yaml"), text.toString());
  }

  private static String context(String name, Identity operator, List<String> endpoints) {
    return """
      %s:
        endpoints: [%s]
        certificate: %s
        key: %s
        authority: %s
    """
        .formatted(
            name,
            String.join(", ", endpoints),
            operator.certificate(),
            operator.key(),
            operator.authority());
  }
}
