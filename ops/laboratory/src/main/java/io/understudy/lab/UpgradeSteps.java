package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * The steps of {@link Upgrade}, which begins with {@code a} serving. Each returns what is worth
 * knowing, or throws a sentence.
 */
final class UpgradeSteps implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration READ_LIMIT = Duration.ofSeconds(20);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(500);

  /** It must have lasted for a minute before it is told. */
  private static final Duration SKEW_LIMIT = Duration.ofSeconds(100);

  /** Nothing that is done to the standby may be felt by who trades; builds may run beside. */
  private static final Duration PAUSE_MAX = Duration.ofSeconds(3);

  private static final int ANSWERS_MIN = 20;
  private static final int NO_START = 2;
  private static final String LEDGER =
      "/understudy/" + LabCluster.NAME + "/gateways/" + LabCluster.GATEWAY + "/ledger";

  private final LabCluster cluster;
  private final Build former;
  private final Build present;
  private final LabNode a;
  private final LabNode b;
  private final TradingClients clients;

  /** One of the two versions, with the command line of it. */
  private record Build(String name, Installation installation, Operator operator) {
    static Build of(String name, Installation installation, LabCluster cluster) {
      CommandLine line = CommandLine.of(installation, cluster.commandLine().contexts());
      return new Build(name, installation, new Operator(line, Narrator.silent()));
    }
  }

  /** How a daemon ends whose files were replaced. */
  private enum Ending {
    RESTART,
    /** It dies by itself, so the undertaker of the one version reads what the other has left. */
    CRASH
  }

  private UpgradeSteps(LabCluster cluster, Installation former, Installation present) {
    this.cluster = cluster;
    this.former = Build.of("old", former, cluster);
    this.present = Build.of("new", present, cluster);
    this.a = cluster.node("a");
    this.b = cluster.node("b");
    this.clients = TradingClients.start(cluster);
  }

  static UpgradeSteps in(LabCluster cluster, Installation former, Installation present) {
    return new UpgradeSteps(cluster, former, present);
  }

  void take(UpgradeTable table) {
    table.tell("old-serves", "both command lines show a cluster of the old", this::oldServes);
    table.tell(
        "standby-to-new",
        "it becomes ready; orders pass",
        () -> replace(b, a, present, Ending.RESTART));
    table.tell("version-skew", "the nodes say that they differ", this::skew);
    table.tell(
        "switchover-to-new",
        "one session, positions compared, no rule of the broker broken",
        () -> switchover(a, b, present));
    table.tell("former-leader-to-new", "likewise", () -> replace(a, b, present, Ending.RESTART));
    table.tell("skew-over", "the nodes agree again", this::skewOver);
    table.tell("switchover-back", "between two of the new", () -> switchover(b, a, present));
    table.tell(
        "rollback-standby",
        "the old one reads what the new one has stored",
        () -> replace(b, a, former, Ending.CRASH));
    table.tell(
        "switchover-to-old",
        "by the old command line, with the records of the new",
        () -> switchover(a, b, former));
    table.tell("switchover-forward", "from the old to the new", () -> switchover(b, a, present));
    table.tell(
        "forward-again", "the other one follows", () -> replace(b, a, present, Ending.CRASH));
    table.tell(
        "record-too-new",
        "a daemon refuses a record of the future in one sentence",
        this::recordTooNew);
    table.tell("record-restored", "and serves when it is gone", this::recordRestored);
  }

  @Override
  public void close() {
    clients.close();
  }

  // ---- the steps

  private String oldServes() {
    expectService(a, b);
    expectAnswers(a);
    judge();
    return "a serves; old command line %s, new command line %s, nodes %s"
        .formatted(clientVersion(former), clientVersion(present), view(a).versions());
  }

  /** As the package manager and the service manager do it: files first, then a restart. */
  private String replace(LabNode standby, LabNode leader, Build build, Ending ending) {
    TradingClient client = clients.at(leader);
    int before = client.answered();
    standby.install(build.installation());
    long start = System.nanoTime();
    switch (ending) {
      case RESTART -> stop(standby);
      case CRASH -> standby.killDaemon();
    }
    bury(standby);
    standby.restart();
    standby.awaitReady();
    expectService(leader, standby);
    Duration ready = Duration.ofNanos(System.nanoTime() - start);
    expectAnswers(leader);
    TradingLog log =
        new TradingLog(
            client.answersFrom(before).stream()
                .map(answer -> new TradingLog.Answer(answer.at(), answer.connection()))
                .collect(ImmutableList.toImmutableList()));
    if (log.connections() != 1 || log.longestPause().compareTo(PAUSE_MAX) > 0) {
      throw new LabException(
          "Trading through %s suffered: %d connections, longest pause %s"
              .formatted(leader.id(), log.connections(), Narrator.seconds(log.longestPause())));
    }
    judge();
    return "%s runs the %s one, seen ready by both command lines after %s; longest pause between two answers %s"
        .formatted(
            standby.id(),
            build.name(),
            Narrator.seconds(ready),
            Narrator.seconds(log.longestPause()));
  }

  private String skew() {
    String ofA = versionOf(a);
    String ofB = versionOf(b);
    if (ofA.equals(ofB)) {
      return "both call themselves %s, so no node can see a difference".formatted(ofA);
    }
    awaitSkew(b, ImmutableSet.of(a.id()));
    awaitSkew(a, ImmutableSet.of(b.id()));
    return "a runs %s, b runs %s, and each holds VersionSkew of the other".formatted(ofA, ofB);
  }

  private String skewOver() {
    awaitSkew(b, ImmutableSet.of());
    awaitSkew(a, ImmutableSet.of());
    return "both run " + versionOf(a);
  }

  private String switchover(LabNode from, LabNode to, Build build) {
    TakeoverFigures figures =
        new Handovers(cluster, clients, build.operator(), Narrator.silent())
            .switchover(from, to, "upgrade");
    expectService(to, from);
    expectAnswers(to);
    judge();
    return "%s serves, by the %s command line; no orders for %s; %d positions compared, %d logins so far, 0 violations"
        .formatted(
            to.id(),
            build.name(),
            Narrator.seconds(figures.total()),
            view(to).compared(),
            cluster.broker().report().path("logins").path("total").asInt());
  }

  private String recordTooNew() {
    for (LabNode node : List.of(b, a)) {
      stop(node);
      bury(node);
    }
    FormatMarker.run(cluster, b, FormatMarker.Deed.MARK, LEDGER);
    b.restart();
    int status = b.daemon().awaitExit(LIMIT);
    String sentence = refusal();
    if (status != NO_START
        || !sentence.contains(LEDGER)
        || !sentence.contains("format " + FormatMarker.FORMAT)
        || !sentence.contains("install")) {
      throw new LabException(
          "The daemon ended with status " + status + " and said: " + sentence + b.daemon().last());
    }
    judgeBroker();
    return "exit status %d: %s".formatted(status, sentence);
  }

  private String recordRestored() {
    FormatMarker.run(cluster, b, FormatMarker.Deed.UNMARK, LEDGER);
    long start = System.nanoTime();
    a.restart();
    a.awaitServing();
    b.restart();
    b.awaitReady();
    expectService(a, b);
    expectAnswers(a);
    judge();
    return "a serves and b is ready after "
        + Narrator.seconds(Duration.ofNanos(System.nanoTime() - start));
  }

  // ---- what they are made of

  private static void stop(LabNode node) {
    LabProcess.Stopped stopped = node.stop();
    if (stopped.killed() || stopped.exitCode() != 0 || !stopped.leftBehind().isEmpty()) {
      throw new LabException(
          "Node %s did not stop in good order: %s%s"
              .formatted(node.id(), stopped, node.daemon().last()));
    }
  }

  private static void bury(LabNode node) {
    int buried = node.bury();
    if (buried != 0) {
      throw new LabException(
          "The undertaker of node %s ended with status %d%s"
              .formatted(node.id(), buried, node.daemon().last()));
    }
  }

  /** The one leads, the other could take over: so say both command lines, also in their table. */
  private void expectService(LabNode leader, LabNode standby) {
    for (Build build : List.of(former, present)) {
      var _ =
          build
              .operator()
              .waits(
                  LIMIT,
                  "Service by node %s with node %s ready, seen by the %s command line,"
                      .formatted(leader.id(), standby.id(), build.name()),
                  view -> view.serves(leader.id()) && view.standsBy(standby.id()));
      var _ = build.operator().status(0);
    }
  }

  private void expectAnswers(LabNode leader) {
    TradingClient client = clients.at(leader);
    int before = client.answered();
    if (!Waiting.until(READ_LIMIT, () -> client.answered() >= before + ANSWERS_MIN)) {
      throw new LabException("The trading client gets no answers through node " + leader.id());
    }
  }

  private void judge() {
    judgeBroker();
    UpgradeView view = view(a);
    if (view.sessions() != 1 || view.compared() == 0) {
      throw new LabException("Expected one session and compared positions: " + view);
    }
  }

  private void judgeBroker() {
    int violations = cluster.broker().report().path("violations").asInt(-1);
    int displaced = BrokerJournal.read(cluster.directory()).displacedAlive();
    if (violations != 0 || displaced != 0) {
      throw new LabException(
          "The broker saw a promise broken, or a living session ended by a login (%d): %s"
              .formatted(displaced, cluster.broker().report().path("violationList")));
    }
  }

  private void awaitSkew(LabNode viewer, ImmutableSet<String> skewed) {
    if (!Waiting.until(SKEW_LIMIT, LOOK_PAUSE, () -> view(viewer).skewed().equals(skewed))) {
      throw new LabException(
          "Node %s did not come to hold VersionSkew of %s within %d s: %s"
              .formatted(viewer.id(), skewed, SKEW_LIMIT.toSeconds(), view(viewer)));
    }
  }

  private String versionOf(LabNode node) {
    return view(node).versions().getOrDefault(node.id(), "");
  }

  /** As that node answers it to the new command line. */
  private UpgradeView view(LabNode node) {
    return UpgradeView.parse(
        present
            .operator()
            .types(0, READ_LIMIT, "--context", "node-" + node.id(), "status", "-o", "json")
            .output());
  }

  private static String clientVersion(Build build) {
    return build
        .operator()
        .types(0, READ_LIMIT, "version", "--client")
        .output()
        .strip()
        .replaceFirst("^understudy ", "");
  }

  /** The last line of b's daemon that says what it could not read. */
  private String refusal() {
    try {
      return Files.readAllLines(b.daemon().log()).stream()
          .filter(line -> line.contains("understudyd: "))
          .reduce("", (_, line) -> line.substring(line.indexOf("understudyd: ")));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + b.daemon().log(), e);
    }
  }
}
