package io.understudy.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The cluster that pages are executed against, nodes {@code a} and {@code b}, of which {@code a}
 * serves when a page begins, and the world around it: IBKR, hosts, people. After a page it is put
 * in order again, by the means that an operator has, so that the next page can use it.
 */
final class RunbookWorld implements AutoCloseable {
  static final String WITNESS = "witness";
  private static final ImmutableList<String> VOTERS = ImmutableList.of("a", "b", WITNESS);
  private static final Duration SERVICE_LIMIT = Duration.ofMinutes(2);
  private static final Duration SETTLE_LIMIT = Duration.ofMinutes(3);
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(300);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();

  private final LabCluster cluster;
  private final Operator operator;

  private RunbookWorld(LabCluster cluster) {
    this.cluster = cluster;
    this.operator = new Operator(cluster.commandLine(), Narrator.silent());
  }

  /** A new one, which serves. */
  static RunbookWorld start(
      LabProcesses processes, LabDirectory directory, LabSettings.SecondFactor secondFactor) {
    LabCluster cluster =
        LabCluster.start(
            processes, Installation.find(), directory.path(), LabSettings.firstLeads(secondFactor));
    RunbookWorld world = new RunbookWorld(cluster);
    world.awaitService("a");
    return world;
  }

  LabCluster cluster() {
    return cluster;
  }

  SimulatedBroker ibkr() {
    return cluster.broker();
  }

  /** How many promises the broker saw broken so far. */
  int violations() {
    return ibkr().report().path("violations").asInt(-1);
  }

  /** Fails when it has seen more of them broken. */
  void expectViolations(int number) {
    JsonNode report = ibkr().report();
    if (report.path("violations").asInt(-1) != number) {
      throw new LabException("The broker saw a promise broken: " + report.path("violationList"));
    }
  }

  // ---- hosts

  /** The host is gone, with all that ran on it. */
  void loseHost(String host) {
    cluster.zookeeper().server(host).kill();
    cluster.node(host).kill();
  }

  void startDaemon(String host) {
    LabNode node = cluster.node(host);
    if (!node.daemon().isAlive()) {
      var _ = node.bury();
      node.restart();
    }
    node.awaitReady();
  }

  void stopDaemon(String host) {
    var _ = cluster.node(host).stop();
  }

  void startServer(String host) {
    if (!cluster.zookeeper().server(host).isAlive()) {
      cluster.zookeeper().restart(host);
    }
  }

  void stopServer(String host) {
    var _ = cluster.zookeeper().server(host).stop(STOP_LIMIT);
  }

  void loseServer(String host) {
    cluster.zookeeper().server(host).kill();
  }

  /** What it has stored is gone with it. */
  void loseServerAndData(String host) {
    loseServer(host);
    cluster.zookeeper().loseData(host);
  }

  /** The gateway program of the node ends, and the session with it. */
  void killGateway(String host) {
    Signals.send(
        "KILL", cluster.node(host).daemon().children().stream().map(ProcessHandle::pid).toList());
  }

  /** A person logs in elsewhere, and the leader takes the session back. */
  void loseAndRetakeSession(String node) {
    Instant before = Instant.now();
    ibkr().logInElsewhere(LabCluster.USER);
    var _ =
        operator.waits(
            SERVICE_LIMIT,
            "That node " + node + " took the session back",
            view ->
                view.serves(node)
                    && view.cell(node).filter(cell -> cell.since().isAfter(before)).isPresent());
  }

  // ---- looking on

  /** Waits until that node serves and the other one could take over. */
  void awaitService(String node) {
    var _ =
        operator.waits(
            SERVICE_LIMIT,
            "Service by node " + node + " with a standby that is ready",
            view ->
                view.serves(node)
                    && cluster.nodes().stream()
                        .filter(each -> !each.id().equals(node))
                        .allMatch(each -> view.standsBy(each.id())));
  }

  /** Whether one node serves and the other could take over, with all servers of the quorum up. */
  boolean complete() {
    return seen(status())
            .filter(view ->
                (view.serves("a") && view.standsBy("b"))
                    || (view.serves("b") && view.standsBy("a")))
            .isPresent()
        && VOTERS.stream().allMatch(host -> cluster.zookeeper().server(host).isAlive());
  }

  /** Waits for a phase of the cell of that node. */
  void awaitPhase(String node, String phase) {
    var _ =
        operator.waits(
            SERVICE_LIMIT,
            "Phase " + phase + " of node " + node,
            view -> view.cell(node).filter(cell -> cell.phase().equals(phase)).isPresent());
  }

  /** Types a command that has to succeed, and shows it to nobody. */
  void types(String... arguments) {
    var _ = operator.types(0, COMMAND_LIMIT, arguments);
  }

  // ---- in order again

  /** Ends whatever a page has left behind; fails when that does not lead to service by a. */
  void settle() {
    healIbkr();
    VOTERS.forEach(this::startServer);
    cluster.nodes().forEach(node -> startDaemon(node.id()));
    if (!Waiting.until(SETTLE_LIMIT, LOOK_PAUSE, this::inOrder)) {
      throw new LabException("The cluster did not come in order again by itself and by commands");
    }
  }

  /** One look, and the command that it asks for. */
  private boolean inOrder() {
    String status = status();
    Optional<ClusterView> seen = seen(status);
    if (seen.isEmpty()) {
      return false;
    }
    ClusterView view = seen.orElseThrow();
    JsonNode gateway = gateway(status);
    JsonNode directives = gateway.path("directives");
    if (directives.path("tradingHalted").asBoolean()) {
      tries("unhalt");
    } else if (directives.path("paused").asBoolean()) {
      tries("resume");
    } else if (gateway.path("loginBudget").path("failuresInRow").asInt() > 0) {
      tries("unlock");
    } else if (directives.path("loggedOut").asBoolean()) {
      tries("login");
    } else if (view.cells().stream().anyMatch(cell -> cell.phase().equals("NEEDS_OPERATOR"))) {
      tries("reconcile");
      tries("login");
    } else if (view.serves("b") && view.standsBy("a")) {
      tries("failover", "--to", "a");
    } else {
      return view.serves("a") && view.standsBy("b");
    }
    return false;
  }

  /** As JSON, or what the command line says instead. */
  private String status() {
    return cluster.commandLine().run(COMMAND_LIMIT, "status", "-o", "json").output();
  }

  private static Optional<ClusterView> seen(String status) {
    return status.startsWith("{") ? ClusterView.parse(status) : Optional.empty();
  }

  /** It may be refused: the next look decides. */
  private void tries(String... command) {
    var _ =
        cluster
            .commandLine()
            .run(
                COMMAND_LIMIT,
                Stream.concat(
                        Stream.of(command), Stream.of("--reason", "before the next page", "--yes"))
                    .toArray(String[]::new));
  }

  private static JsonNode gateway(String status) {
    try {
      return JSON.readTree(status).path("gateways").path(0);
    } catch (JsonProcessingException e) {
      throw new LabException("The command line printed something else than JSON: " + status, e);
    }
  }

  private void healIbkr() {
    ibkr().removeFaults();
    ibkr().shiftClock(Duration.ZERO);
    ibkr().forgive(LabCluster.USER);
    expectTheRightCode();
    ibkr()
        .setPositions(
            LabCluster.USER,
            LabCluster.ACCOUNT,
            LabPositions.atBroker(LabPositions.expectedShares()).toString());
  }

  /** IBKR knows the shared secret that the nodes have. */
  void expectTheRightCode() {
    cluster
        .secrets()
        .totpSecret()
        .ifPresent(secret ->
            ibkr()
                .change(
                    LabCluster.USER,
                    "{\"secondFactor\": {\"kind\": \"totp\", \"secret\": \"" + secret + "\"}}"));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
