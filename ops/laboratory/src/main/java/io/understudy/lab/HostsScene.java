package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the stories of the Debian hosts have in common: the hosts, the operator, the traders. */
final class HostsScene implements AutoCloseable {
  static final String OPERATOR = "anna";
  static final String VIEWER = "watch";

  /** Of the nodes, on their tunnel addresses; the default of a cluster file. */
  static final int API_PORT = 7443;

  /** A cold node starts a JVM, a gateway program, and may wait for a time step. */
  static final Duration SERVICE_LIMIT = Duration.ofMinutes(4);

  private final HostsWorld world;
  private final Narrator narrator;
  private final LabProcesses processes = new LabProcesses();
  private Optional<HostsTrading> trading = Optional.empty();

  HostsScene(HostsWorld world, Narrator narrator) {
    this.world = world;
    this.narrator = narrator;
  }

  /** The command line as the operator of that name has it on the operator host. */
  static CommandLine commandLine(HostsWorld world, String operator) {
    return commandLine(world, Path.of("/etc/understudy/operators", operator, "config.yaml"));
  }

  static CommandLine commandLine(HostsWorld world, Path contexts) {
    return new CommandLine(
        world.host("operator").prefix(),
        Path.of("/usr/bin/understudy"),
        contexts,
        Path.of("/nonexistent"));
  }

  HostsWorld world() {
    return world;
  }

  Operator operator() {
    return new Operator(commandLine(world, OPERATOR), narrator);
  }

  /** They start with the first question. */
  HostsTrading trading() {
    if (trading.isEmpty()) {
      trading = Optional.of(HostsTrading.start(processes, world, relayPort()));
    }
    return trading.orElseThrow();
  }

  /** The node that serves now. */
  DebianHost leader() {
    return world.byId(serving().leader().orElseThrow());
  }

  /** Waits until a node serves and the other one could take over. */
  ClusterView settled() {
    return operator()
        .waits(
            SERVICE_LIMIT,
            "A leader that serves, and a standby that is ready,",
            view ->
                view.leader().filter(view::serves).isPresent()
                    && world.nodes().stream().anyMatch(node -> view.standsBy(node.id())));
  }

  /** How often credentials were submitted so far. */
  int logins() {
    return world.broker().report().path("submissions").asInt();
  }

  /** Fails when the broker saw a promise broken. */
  void judge() {
    JsonNode report = world.broker().report();
    if (report.path("violations").asInt(-1) != 0) {
      throw new LabException(
          "The broker counted %s violations: %s"
              .formatted(report.path("violations"), report.path("violationList")));
    }
  }

  @Override
  public void close() {
    processes.close();
  }

  /** Of the only gateway. */
  int relayPort() {
    JsonNode sockets = world.manifest(world.host("primary").id()).path("sockets");
    for (JsonNode socket : sockets) {
      if (socket.path("program").asText().startsWith("relay of")) {
        return socket.path("port").asInt();
      }
    }
    throw new LabException("The bundle of the primary has no relay");
  }

  private ClusterView serving() {
    return operator()
        .waits(
            SERVICE_LIMIT,
            "A leader that serves",
            view -> view.leader().filter(view::serves).isPresent());
  }
}
