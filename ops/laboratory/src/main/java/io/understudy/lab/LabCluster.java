package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/**
 * A whole cluster: a {@link LabWorld} with its nodes in it, and the command line. Closing ends the
 * nodes.
 */
final class LabCluster implements AutoCloseable {
  static final String NAME = "demo";
  static final String GATEWAY = "live";
  static final String USER = "demo-trader";
  static final String ACCOUNT = "U7654321";

  private final LabWorld world;
  private final Installation daemons;
  private final ImmutableList<LabNode> nodes;
  private final CommandLine commandLine;

  private LabCluster(LabWorld world, Installation daemons) {
    this.world = world;
    this.daemons = daemons;
    this.nodes =
        world.settings().nodes().stream()
            .map(host ->
                startNode(LabNode.Endpoints.choose(host, world.ports(), settings().gateways())))
            .collect(ImmutableList.toImmutableList());
    Path contexts =
        world.writeContexts(
            nodes.stream().map(LabNode::endpoints).collect(ImmutableList.toImmutableList()));
    this.commandLine = CommandLine.of(world.installation(), contexts);
    nodes.forEach(LabNode::awaitReady);
  }

  /** The name of the gateway of that number, from 0. */
  static String gateway(int index) {
    return index == 0 ? GATEWAY : GATEWAY + "-" + (index + 1);
  }

  /** The brokerage user of the gateway of that number, from 0. */
  static String user(int index) {
    return index == 0 ? USER : USER + "-" + (index + 1);
  }

  /** Starts everything and waits until each part answers. */
  static LabCluster start(
      LabProcesses processes, Installation installation, Path directory, LabSettings settings) {
    return start(processes, installation, installation, directory, settings);
  }

  /** The same with daemons of another build than the rest. */
  static LabCluster start(
      LabProcesses processes,
      Installation installation,
      Installation daemons,
      Path directory,
      LabSettings settings) {
    return new LabCluster(LabWorld.start(processes, installation, directory, settings), daemons);
  }

  LabSettings settings() {
    return world.settings();
  }

  ZooKeeperEnsemble zookeeper() {
    return world.zookeeper();
  }

  /** The certificate that the daemon of a node shows to ZooKeeper. */
  Identity coordinationIdentity(String node) {
    return world.coordinationIdentity(node);
  }

  SimulatedBroker broker() {
    return world.broker();
  }

  Path directory() {
    return world.directory();
  }

  LabProcesses processes() {
    return world.processes();
  }

  LabSecrets secrets() {
    return world.secrets();
  }

  /** Of the status pages of all nodes. */
  Path viewerTokenFile() {
    return world.secrets().viewerTokenFile();
  }

  CommandLine commandLine() {
    return commandLine;
  }

  ImmutableList<LabNode> nodes() {
    return nodes;
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

  @Override
  public void close() {
    // Nodes first and in peace, so that they can log out.
    nodes.forEach(node -> {
      if (node.daemon().isAlive()) {
        var _ = node.stop();
      }
    });
  }

  private LabNode startNode(LabNode.Endpoints endpoints) {
    LabNode node = launchNode(endpoints);
    if (settings().start() == LabSettings.Start.FIRST_LEADS
        && endpoints.host().equals(settings().nodes().getFirst())) {
      node.awaitServing();
    }
    return node;
  }

  private LabNode launchNode(LabNode.Endpoints endpoints) {
    Path config =
        PrivateFiles.write(
            world.home(endpoints.id()).resolve("understudyd.yaml"),
            NodeConfigFile.of(world, NAME, endpoints));
    return LabNode.start(
        world.processes(),
        daemons,
        endpoints,
        world.home(endpoints.id()).resolve("understudyd.log"),
        config,
        LabWorld.stateDirectory(world.directory(), endpoints.id(), NAME),
        settings().daemonOptions().getOrDefault(endpoints.id(), ImmutableList.of()));
  }
}
