package io.understudy.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what the project promises to be fast, on a real cluster with logins that take no time.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Figures of a cluster of real processes on this machine.")
public final class Benchmark implements Callable<Integer> {
  private static final Duration READY_LIMIT = Duration.ofMinutes(1);
  private static final Duration READ_LIMIT = Duration.ofSeconds(20);
  private static final int STATUS_RUNS = 10;
  private static final int SCRAPE_RUNS = 50;

  @Option(names = "--switchovers", description = "How many to measure. Default: 3")
  private int switchovers = 3;

  @Option(names = "--crashes", description = "How many of each kind to measure. Default: 3")
  private int crashes = 3;

  @Option(
      names = "--gateways",
      description = "Instead: the loss of a host on which so many gateways serve, with codes.")
  private int gateways;

  private final FigureTable table = new FigureTable(System.out);

  private Benchmark() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new Benchmark()).execute(arguments));
  }

  @Override
  public Integer call() {
    return LoopbackRun.of(System.out, this::measure);
  }

  private void measure(LabProcesses processes, LabDirectory directory) {
    table.head();
    Installation installation = Installation.find();
    if (gateways > 0) {
      LabSettings many = LabSettings.loopback(gateways);
      try (LabCluster cluster = LabCluster.start(processes, installation, directory.path(), many)) {
        new LoadRun(cluster, table).measure();
      }
      return;
    }
    LabSettings one = LabSettings.loopback(LabSettings.SecondFactor.NONE);
    try (LabCluster cluster = LabCluster.start(processes, installation, directory.path(), one);
        TradingClients clients = TradingClients.start(cluster)) {
      measure(cluster, clients);
    }
  }

  private void measure(LabCluster cluster, TradingClients clients) {
    Narrator silent = Narrator.silent();
    Operator operator = new Operator(cluster.commandLine(), silent);
    Handovers handovers = new Handovers(cluster, clients, operator, silent);
    LabNode leader = awaitPair(cluster, operator);
    List<Duration> status = new ArrayList<>();
    for (int i = 0; i < STATUS_RUNS; i++) {
      status.add(cluster.commandLine().run(READ_LIMIT, "status").wall());
    }
    table.row(
        "understudy status, median of " + STATUS_RUNS, medianTime(status), Duration.ofMillis(500));
    scrape(leader);
    for (LabNode node : cluster.nodes()) {
      table.row(
          "resident memory of node " + node.id() + (node == leader ? ", leading" : ", standby"),
          node.daemon().residentKilobytes() / 1024 + " MB",
          "200 MB");
    }
    List<TakeoverFigures> handedOver = new ArrayList<>();
    for (int i = 0; i < switchovers; i++) {
      LabNode to = cluster.other(leader);
      handedOver.add(handovers.switchover(leader, to, "benchmark"));
      leader = awaitPair(cluster, operator);
    }
    takeover(
        "switchover, last to first byte, median of " + switchovers,
        median(handedOver),
        Duration.ofMillis(500));
    crashes(
        "host lost, no undertaker, median of " + crashes,
        cluster,
        operator,
        handovers::crash,
        cluster.settings().sessionTimeout().plusMillis(500));
    crashes(
        "living host with undertaker, median of " + crashes,
        cluster,
        operator,
        handovers::crashAndBury,
        Duration.ofSeconds(1));
  }

  private void scrape(LabNode node) {
    List<Duration> scrapes = new ArrayList<>();
    for (int i = 0; i < SCRAPE_RUNS; i++) {
      long begin = System.nanoTime();
      if (!node.answers("/metrics")) {
        throw new LabException("Node " + node.id() + " does not show its metrics");
      }
      scrapes.add(Duration.ofNanos(System.nanoTime() - begin));
    }
    table.row(
        "scrape of the leader's metrics, median of " + SCRAPE_RUNS,
        medianTime(scrapes),
        Duration.ofMillis(20));
  }

  /** A way of losing the leader. */
  private interface Loss {
    TakeoverFigures of(LabNode leader, LabNode successor);
  }

  private void crashes(
      String name, LabCluster cluster, Operator operator, Loss loss, Duration goal) {
    List<TakeoverFigures> figures = new ArrayList<>();
    for (int i = 0; i < crashes; i++) {
      LabNode leader = awaitPair(cluster, operator);
      figures.add(loss.of(leader, cluster.other(leader)));
      leader.restart();
      leader.awaitReady();
    }
    takeover(name, median(figures), goal);
  }

  private static TakeoverFigures median(List<TakeoverFigures> figures) {
    return figures.stream()
        .sorted(Comparator.comparing(TakeoverFigures::withoutLogin))
        .toList()
        .get(figures.size() / 2);
  }

  /** The goals are for logins that take no time, so the login is shown and not counted. */
  private void takeover(String name, TakeoverFigures figures, Duration goal) {
    table.row(name, figures.total(), "");
    table.row("  without the login", figures.withoutLogin(), goal);
    figures.phases().forEach((phase, duration) -> table.row("    " + phase, duration, ""));
  }

  /** Waits until one node serves and the other could take over; returns the one that serves. */
  private static LabNode awaitPair(LabCluster cluster, Operator operator) {
    ClusterView view =
        operator.waits(
            READY_LIMIT,
            "A leader that serves with a standby that is ready",
            each ->
                each.leader().filter(each::serves).isPresent()
                    && cluster.nodes().stream().anyMatch(node -> each.standsBy(node.id())));
    return cluster.node(view.leader().orElseThrow());
  }

  private static Duration medianTime(List<Duration> durations) {
    return durations.stream().sorted().toList().get(durations.size() / 2);
  }
}
