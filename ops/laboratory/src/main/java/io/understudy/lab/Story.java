package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/**
 * What the demo tells, chapter by chapter, each against the real programs and with a limit. A
 * chapter that does not go as told ends the story with one sentence.
 */
final class Story implements AutoCloseable {
  private static final Duration LOGIN_LIMIT = Duration.ofMinutes(2);
  private static final Duration STANDBY_LIMIT = Duration.ofSeconds(60);
  private static final Duration SHORT_LIMIT = Duration.ofSeconds(30);
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final int ANSWERS_MIN = 20;
  private static final int SOLD_SHARES = 10;

  private final LabCluster cluster;
  private final Narrator narrator;
  private final Operator operator;
  private final TradingClients clients;
  private final Handovers handovers;

  private Story(LabCluster cluster, Narrator narrator) {
    this.cluster = cluster;
    this.narrator = narrator;
    this.operator = new Operator(cluster.commandLine(), narrator);
    this.clients = TradingClients.start(cluster);
    this.handovers = new Handovers(cluster, clients, operator, narrator);
  }

  /** What the story measured. */
  record Figures(TakeoverFigures crash, TakeoverFigures switchover, int logins, int violations) {}

  static Figures tell(LabCluster cluster, Narrator narrator) {
    try (Story story = new Story(cluster, narrator)) {
      LabNode leader = story.logIn();
      story.trade(leader);
      LabNode successor = cluster.other(leader);
      TakeoverFigures crash = story.crash(leader, successor);
      story.recover(leader, successor);
      TakeoverFigures switchover = story.switchBack(successor, leader);
      story.mismatch(leader);
      return story.judge(crash, switchover);
    }
  }

  @Override
  public void close() {
    clients.close();
  }

  private LabNode logIn() {
    narrator.chapter("Log in");
    narrator.say(
        "Two nodes, one brokerage login. Whichever is elected logs in, with a one-time code.");
    var _ = operator.types(0, LOGIN_LIMIT, "login", "--reason", "start of the day", "--yes");
    ClusterView view =
        operator.waits(
            LOGIN_LIMIT,
            "A login with an open trading gate, and a standby that is ready,",
            each ->
                each.leader().filter(each::serves).isPresent()
                    && cluster.nodes().stream().anyMatch(node -> each.standsBy(node.id())));
    var _ = operator.status(0);
    return cluster.node(view.leader().orElseThrow());
  }

  private void trade(LabNode leader) {
    narrator.chapter("Trade through the relay");
    TradingClient client = clients.at(leader);
    int before = client.answered();
    if (!Waiting.until(SHORT_LIMIT, () -> client.answered() >= before + ANSWERS_MIN)) {
      throw new LabException("The trading client gets no answers through node " + leader.id());
    }
    if (clients.at(cluster.other(leader)).answered() > 0) {
      throw new LabException("The relay of the standby let a trading client through");
    }
    narrator.say(
        "A trading client sends %d bytes at a time through the relay of node %s and is answered; the relay of node %s is shut."
            .formatted(client.requestBytes(), leader.id(), cluster.other(leader).id()));
  }

  private TakeoverFigures crash(LabNode leader, LabNode successor) {
    narrator.chapter("The leader dies");
    narrator.say(
        "Node %s, daemon and gateway, goes without a word. Nobody does anything."
            .formatted(leader.id()));
    TakeoverFigures figures = handovers.crash(leader, successor);
    explain("Orders pass again, through node " + successor.id() + ",", "after the kill", figures);
    return figures;
  }

  private void recover(LabNode fallen, LabNode leader) {
    narrator.chapter("Reconcile, and bring the fallen node back");
    var _ = operator.types(0, SHORT_LIMIT, "reconcile", "--reason", "after the crash", "--yes");
    int buried = fallen.bury();
    if (buried != 0) {
      throw new LabException("The undertaker ended with status " + buried);
    }
    fallen.restart();
    narrator.say(
        "The supervisor runs the undertaker and starts node "
            + fallen.id()
            + " again; it becomes the standby.");
    var _ =
        operator.waits(
            STANDBY_LIMIT,
            "The return of node " + fallen.id() + " as a standby that is ready",
            view -> view.serves(leader.id()) && view.standsBy(fallen.id()));
    var _ = operator.status(0);
  }

  private TakeoverFigures switchBack(LabNode from, LabNode to) {
    narrator.chapter("Planned switchover back");
    TakeoverFigures figures = handovers.switchover(from, to, "back to the preferred node");
    explain(
        "The first answer through the new relay came",
        "after the last one through the old",
        figures);
    return figures;
  }

  private void mismatch(LabNode leader) {
    narrator.chapter("Positions that do not match");
    int shares = LabPositions.expectedShares() - SOLD_SHARES;
    cluster
        .broker()
        .setPositions(
            LabCluster.USER, LabCluster.ACCOUNT, LabPositions.atBroker(shares).toString());
    narrator.say(
        "Somebody sells %d shares by telephone; the engine's books do not know."
            .formatted(SOLD_SHARES));
    var _ = operator.types(3, SHORT_LIMIT, "reconcile", "--reason", "daily check", "--yes");
    ClusterView shut =
        operator.waits(
            SHORT_LIMIT,
            "A shut gate and the call for an operator",
            view ->
                view.cell(leader.id())
                    .filter(cell -> cell.phase().equals("NEEDS_OPERATOR") && !cell.gateOpen())
                    .isPresent());
    clients.expectSilence(QUIET);
    var _ = operator.status(3);
    narrator.say("No byte of a trading client passes. The operator looks into it and accepts.");
    long accepted = System.nanoTime();
    String discrepancy =
        shut.cell(leader.id()).orElseThrow().discrepancies().stream()
            .findFirst()
            .orElseThrow(() -> new LabException("The status names no discrepancy to accept"));
    var _ =
        operator.types(
            0,
            SHORT_LIMIT,
            "reconcile",
            "--accept",
            discrepancy,
            "--reason",
            "sold by telephone, ticket 4711",
            "--yes");
    var _ = clients.awaitFirst(leader, accepted);
    narrator.say("The gate is open again.");
  }

  private Figures judge(TakeoverFigures crash, TakeoverFigures switchover) {
    narrator.chapter("What the broker saw");
    JsonNode report = cluster.broker().report();
    int violations = report.path("violations").asInt(-1);
    int logins = report.path("logins").path("total").asInt();
    report
        .path("violationsByPromise")
        .properties()
        .forEach(entry ->
            narrator.say(
                "%-16s %d violations".formatted(entry.getKey(), entry.getValue().asInt())));
    narrator.say("%d logins".formatted(logins));
    if (violations != 0) {
      throw new LabException(
          "The broker counted " + violations + " violations: " + report.path("violationList"));
    }
    return new Figures(crash, switchover, logins, violations);
  }

  private void explain(String before, String after, TakeoverFigures figures) {
    narrator.say(
        "%s %s %s, of which %s waiting for the next time step:"
            .formatted(
                before,
                Narrator.seconds(figures.total()),
                after,
                Narrator.seconds(
                    figures.phases().getOrDefault(TakeoverFigures.TIME_STEP, Duration.ZERO))));
    figures
        .phases()
        .forEach((name, duration) ->
            narrator.say(
                "  %-10s %8s".formatted(name.replace('_', ' '), Narrator.seconds(duration))));
  }
}
