package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * One node of the lab: its configuration, and the daemon while it runs. A supervisor would restart
 * a daemon that died; here the story does that. One thread.
 */
final class LabNode {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration READY_LIMIT = Duration.ofSeconds(40);
  private static final Duration SERVING_LIMIT = Duration.ofSeconds(90);
  private static final Duration BURY_LIMIT = Duration.ofSeconds(20);
  private static final String MAIN = "io.understudy.node.Main";

  private final LabProcesses processes;
  private final Endpoints endpoints;
  private final Path log;
  private final Path config;
  private final Path stateDirectory;
  private final ImmutableList<String> options;
  private volatile Installation installation;
  private volatile LabProcess daemon;

  /** Where the parts of a node listen. */
  record Endpoints(Host host, int api, int http, int page, ImmutableList<GatewayPorts> gateways) {
    static Endpoints choose(Host host, Ports ports, int gateways) {
      return new Endpoints(
          host,
          ports.next(),
          ports.next(),
          ports.next(),
          Stream.generate(() -> new GatewayPorts(ports.next(), ports.next()))
              .limit(gateways)
              .collect(ImmutableList.toImmutableList()));
    }

    String id() {
      return host.name();
    }

    String apiAddress() {
      return at(api);
    }

    String httpAddress() {
      return at(http);
    }

    String pageAddress() {
      return at(page);
    }

    /** The relay of the lab's first gateway. */
    int relay() {
      return gateways.getFirst().relay();
    }

    /** The port of the lab's first gateway program. */
    int program() {
      return gateways.getFirst().program();
    }

    String relayAddress() {
      return at(relay());
    }

    String at(int port) {
      return host.address() + ":" + port;
    }
  }

  /** Of one gateway: the relay for trading clients, and the program behind it. */
  record GatewayPorts(int relay, int program) {}

  private LabNode(
      LabProcesses processes,
      Installation installation,
      Endpoints endpoints,
      Path log,
      Path config,
      Path stateDirectory,
      ImmutableList<String> options) {
    this.processes = processes;
    this.installation = installation;
    this.endpoints = endpoints;
    this.log = log;
    this.config = config;
    this.stateDirectory = stateDirectory;
    this.options = options;
    this.daemon = launch();
  }

  static LabNode start(
      LabProcesses processes,
      Installation installation,
      Endpoints endpoints,
      Path log,
      Path config,
      Path stateDirectory,
      ImmutableList<String> options) {
    return new LabNode(processes, installation, endpoints, log, config, stateDirectory, options);
  }

  String id() {
    return endpoints.id();
  }

  Host host() {
    return endpoints.host();
  }

  Endpoints endpoints() {
    return endpoints;
  }

  LabProcess daemon() {
    return daemon;
  }

  /** Whether the path is answered by plain HTTP. */
  boolean answers(String path) {
    return Probe.answers(host(), endpoints.http(), path);
  }

  /** Waits until the daemon says by HTTP that it is alive. */
  void awaitReady() {
    daemon.awaitReady(READY_LIMIT, () -> answers("/livez"));
  }

  /** Waits until the daemon says that it leads and serves. */
  void awaitServing() {
    daemon.awaitReady(SERVING_LIMIT, () -> answers("/leader/" + LabCluster.GATEWAY));
  }

  /** Ends daemon and gateway at once, as a crash of the machine would. */
  void kill() {
    daemon.kill();
  }

  /** Ends the daemon alone, as a crash of it would; its gateway lives on. */
  void killDaemon() {
    daemon.killAlone();
  }

  /**
   * Runs the undertaker after the daemon has ended, as systemd would ({@code ExecStopPost}), and
   * returns its exit status.
   */
  int bury() {
    LabProcess undertaker =
        processes.start(
            "the undertaker of node " + id(),
            host(),
            ImmutableList.of(
                installation.undertaker().toString(), "--state", stateDirectory.toString()),
            log);
    return undertaker.awaitExit(BURY_LIMIT);
  }

  /** Starts the daemon again after it has ended. */
  void restart() {
    if (daemon.isAlive()) {
      throw new IllegalStateException("Node " + id() + " runs");
    }
    daemon = launch();
  }

  /**
   * Puts another build in place of the present one. What runs goes on; undertaker and daemon are of
   * the new one from their next start on.
   */
  void install(Installation other) {
    installation = other;
  }

  LabProcess.Stopped stop() {
    return daemon.stop(STOP_LIMIT);
  }

  private LabProcess launch() {
    ImmutableList<String> command =
        JavaCommand.of(
                "-Xmx64m",
                "-XX:+UseCompactObjectHeaders",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:+ExitOnOutOfMemoryError")
            .with(options)
            .classPath(installation.classPath("node"))
            .main(MAIN, "--config", config.toString());
    return processes.start("node " + id(), host(), command, log);
  }
}
