package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One cluster on the hosts of the network, for one run of one scenario: supervised daemons, small
 * disks, an operator, and a trading client at each relay, both on the operator's host. The primary
 * leads and serves when the constructor returns, and the standby is ready. Closing ends all.
 */
final class ScenarioWorld implements AutoCloseable {
  private static final ImmutableSet<String> NODES =
      ImmutableSet.of(LabNetwork.PRIMARY, LabNetwork.STANDBY);
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final String DISK_SIZE = "size=32m,mode=700";
  private static final String GATEWAY_PROGRAM = "GatewayStart";

  private final LabNetwork network;
  private final ImmutableList<Path> disks;
  private final ImmutableMap<String, StandInTunnels> tunnels;
  private final LabCluster cluster;
  private final ImmutableMap<String, Supervisor> supervisors;
  private final TradingClients clients;
  private final Operator operator;
  private final Map<String, Long> frozenAt = new ConcurrentHashMap<>();

  ScenarioWorld(
      Scenario scenario, LabNetwork network, LabProcesses processes, LabDirectory directory) {
    this.network = network;
    LabSettings settings = settings(scenario, network, directory.path());
    this.disks =
        settings.nodes().stream()
            .map(host -> LabWorld.stateDirectory(directory.path(), host.name(), LabCluster.NAME))
            .collect(ImmutableList.toImmutableList());
    disks.forEach(disk -> {
      PrivateFiles.directory(disk);
      var _ =
          LabNetwork.run(
              List.of("mount", "-t", "tmpfs", "-o", DISK_SIZE, "tmpfs", disk.toString()));
    });
    this.tunnels =
        Maps.toMap(
            NODES,
            host ->
                StandInTunnels.answer(
                    LabWorld.tunnelSocket(directory.path(), host), network, host));
    this.cluster = LabCluster.start(processes, Installation.find(), directory.path(), settings);
    this.operator = new Operator(cluster.commandLine(), Narrator.silent());
    this.clients = TradingClients.start(cluster);
    var _ = awaitService();
    this.supervisors =
        cluster.nodes().stream().collect(ImmutableMap.toImmutableMap(LabNode::id, this::supervise));
  }

  private static LabSettings settings(Scenario scenario, LabNetwork network, Path directory) {
    return new LabSettings(
        ImmutableList.of(network.host(LabNetwork.PRIMARY), network.host(LabNetwork.STANDBY)),
        network.host(LabNetwork.WITNESS),
        network.host(LabNetwork.BROKER),
        LabSettings.SecondFactor.TOTP,
        scenario.sessionTimeout(),
        scenario.timing(),
        Optional.of(scenario.ensembleLeader()),
        scenario.reach(),
        LabSettings.Start.FIRST_LEADS,
        1,
        LabSettings.DrillMeans.ALL,
        scenario.stepsClocks() ? clocks(directory) : ImmutableMap.of());
  }

  private static ImmutableMap<String, ImmutableList<String>> clocks(Path directory) {
    return Maps.toMap(NODES, node -> ImmutableList.of(ClockAgent.option(clock(directory, node))));
  }

  private static Path clock(Path directory, String node) {
    return directory.resolve("clock-" + node);
  }

  LabNetwork network() {
    return network;
  }

  LabCluster cluster() {
    return cluster;
  }

  TradingClients clients() {
    return clients;
  }

  Operator operator() {
    return operator;
  }

  /** How often the daemon on that host had its tunnel cut. */
  int cuts(String host) {
    return Objects.requireNonNull(tunnels.get(host)).cuts();
  }

  LabNode node(String host) {
    return cluster.node(host);
  }

  Path disk(String host) {
    return LabWorld.stateDirectory(cluster.directory(), host, LabCluster.NAME);
  }

  /** The wall clock of the daemon on that host is that many seconds fast, or slow. */
  void stepClock(String host, long seconds) {
    ClockAgent.step(clock(cluster.directory(), node(host).id()), seconds);
  }

  /** The daemon on that host, its gateway program, or both, as far as they live. */
  ImmutableList<Long> pids(String host, boolean daemon, boolean gateway) {
    long own = node(host).daemon().pid();
    return group(host).stream()
        .filter(pid -> pid == own ? daemon : gateway && isGateway(pid))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * What stands for the daemon's control group: every process on its host but those that the lab
   * itself started there, such as the ZooKeeper server. The gateway leads a session of its own.
   */
  private ImmutableList<Long> group(String host) {
    long daemon = node(host).daemon().pid();
    ImmutableSet<Long> started = cluster.processes().pids();
    return network.processes(host).stream()
        .filter(LabProcess::acts)
        .map(ProcessHandle::pid)
        .filter(pid -> pid == daemon || !started.contains(pid))
        .collect(ImmutableList.toImmutableList());
  }

  /** Stops processes of that host, and takes the time. */
  void freeze(String host, ImmutableList<Long> pids) {
    Signals.send("STOP", pids);
    frozenAt.put(host, System.nanoTime());
  }

  /** When processes of that host were stopped the last time, by {@link System#nanoTime}. */
  Optional<Long> frozenAt(String host) {
    return Optional.ofNullable(frozenAt.get(host));
  }

  void powerOff(String host) {
    supervisor(host).powerOff();
    network.unplug(host);
    Signals.send("KILL", network.processes(host).stream().map(ProcessHandle::pid).toList());
    PrivateFiles.write(
        cluster.directory().resolve("connections-of-" + host), network.dropConnections(host));
  }

  void powerOn(String host) {
    network.plugIn(host);
    cluster.zookeeper().restart(host);
    supervisor(host).powerOn();
  }

  /** Waits until one node serves and the other could take over; returns the one that serves. */
  LabNode awaitService() {
    ClusterView view =
        operator.waits(
            READY_LIMIT,
            "A leader that serves with a standby that is ready",
            each ->
                each.leader().filter(each::serves).isPresent()
                    && cluster.nodes().stream().anyMatch(node -> each.standsBy(node.id())));
    return node(view.leader().orElseThrow());
  }

  /** Trading clients are answered through this node and through no other. */
  void expectTradingOnlyAt(LabNode leader) {
    long now = System.nanoTime();
    var _ = clients.awaitFirst(leader, now);
    Waiting.pause(QUIET);
    if (clients.at(cluster.other(leader)).firstAfter(now).isPresent()) {
      throw new LabException(
          "A trading client is answered through " + cluster.other(leader).id() + " too");
    }
  }

  @Override
  public void close() {
    supervisors.values().forEach(Supervisor::close);
    clients.close();
    cluster.close();
    tunnels.values().forEach(StandInTunnels::close);
  }

  /** So that the directory around them can be removed. */
  static void unmount(Path directory) {
    for (String node : NODES) {
      Path disk = LabWorld.stateDirectory(directory, node, LabCluster.NAME);
      var _ =
          LabNetwork.run(
              List.of("bash", "-c", "! mountpoint -q " + disk + " || umount --lazy " + disk));
    }
  }

  private Supervisor supervise(LabNode node) {
    return Supervisor.start(node, () -> group(node.id()));
  }

  private Supervisor supervisor(String host) {
    return Objects.requireNonNull(supervisors.get(host));
  }

  private static boolean isGateway(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
          .contains(GATEWAY_PROGRAM);
    } catch (IOException _) {
      return false;
    }
  }
}
