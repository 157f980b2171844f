package io.understudy.lab;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * From a fault to the telephone, with the real programs: real nodes, their own metrics, a
 * Prometheus and an Alertmanager beside each, configured as bundles have it. Only Telegram is a
 * stand-in, and waiting times are shorter.
 */
@Command(
    name = "phone",
    mixinStandardHelpOptions = true,
    description = "A node is lost, one message tells a person, and one more when it is back.")
public final class Phone implements Callable<Integer> {
  private static final Duration LOGIN_LIMIT = Duration.ofSeconds(90);
  private static final Duration MESSAGE_LIMIT = Duration.ofSeconds(90);

  /** The second Alertmanager's patience and the time that a group waits, with room. */
  private static final Duration DUPLICATE_LIMIT = Duration.ofSeconds(20);

  private final PrintStream out = System.out;

  private Phone() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new Phone()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (StandInTelegram telegram = StandInTelegram.start()) {
      return LoopbackRun.of(out, (processes, directory) -> tell(processes, directory, telegram));
    }
  }

  private void tell(LabProcesses processes, LabDirectory directory, StandInTelegram telegram) {
    Narrator narrator = new Narrator(out);
    narrator.chapter("Start a cluster, and the monitoring of both nodes");
    try (LabCluster cluster =
        LabCluster.start(
            processes,
            Installation.find(),
            directory.path(),
            LabSettings.loopback(LabSettings.SecondFactor.NONE))) {
      Operator operator = new Operator(cluster.commandLine(), narrator);
      LabNode leader = logIn(cluster, operator);
      MonitoringPair pair = MonitoringPair.start(cluster, telegram);
      hearHeartbeat(telegram);
      narrator.say(
          "Waiting times are %d times shorter than the shipped ones; Prometheus of node %s: %s"
              .formatted(Intervals.FACTOR, leader.id(), pair.prometheus(leader)));
      LabNode successor = cluster.other(leader);
      lose(narrator, telegram, leader, successor);
      bringBack(narrator, telegram, operator, leader, successor);
    }
  }

  private static LabNode logIn(LabCluster cluster, Operator operator) {
    var _ = operator.types(0, LOGIN_LIMIT, "login", "--reason", "start of the day", "--yes");
    ClusterView view =
        operator.waits(
            LOGIN_LIMIT,
            "A login with an open trading gate, and a standby that is ready,",
            each ->
                each.leader().filter(each::serves).isPresent()
                    && cluster.nodes().stream().anyMatch(node -> each.standsBy(node.id())));
    return cluster.node(view.leader().orElseThrow());
  }

  /** The dead-man's switch goes all the way, so the pair sees the nodes and can send. */
  private static void hearHeartbeat(StandInTelegram telegram) {
    if (!Waiting.until(MESSAGE_LIMIT, () -> telegram.heartbeats() > 0)) {
      throw new LabException("The dead-man's switch was not heard");
    }
    if (telegram.count("CRITICAL") > 0) {
      throw new LabException("A healthy cluster called somebody: " + telegram.messages());
    }
  }

  private static void lose(
      Narrator narrator, StandInTelegram telegram, LabNode leader, LabNode successor) {
    narrator.chapter("Node " + leader.id() + ", which leads, goes without a word");
    long start = System.nanoTime();
    leader.kill();
    String message =
        telegram.await(
            MESSAGE_LIMIT,
            "CRITICAL NodeDown",
            "Node " + leader.id() + " of cluster " + LabCluster.NAME,
            "Leading: " + successor.id() + " (" + LabCluster.GATEWAY + ", epoch 2)",
            "Orders pass through: " + successor.id(),
            "Runbook: runbooks/alerts/NodeDown.md");
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    narrator.say("After " + Narrator.seconds(taken) + " the telephone shows:");
    show(narrator, message);
    if (Waiting.until(DUPLICATE_LIMIT, () -> telegram.count("CRITICAL") > 1)) {
      throw new LabException("One fault was several messages: " + telegram.messages());
    }
    narrator.say("Two Prometheus and two Alertmanagers saw it, and one message came.");
  }

  private static void bringBack(
      Narrator narrator,
      StandInTelegram telegram,
      Operator operator,
      LabNode fallen,
      LabNode leader) {
    narrator.chapter("Node " + fallen.id() + " comes back");
    if (fallen.bury() != 0) {
      throw new LabException("The undertaker failed" + fallen.daemon().last());
    }
    fallen.restart();
    show(narrator, telegram.await(MESSAGE_LIMIT, "RESOLVED NodeDown", "Node " + fallen.id()));
    var _ =
        operator.waits(
            LOGIN_LIMIT,
            "The return of node " + fallen.id() + " as a standby that is ready",
            view -> view.serves(leader.id()) && view.standsBy(fallen.id()));
    if (telegram.count("CRITICAL") != 1 || telegram.count("RESOLVED NodeDown") != 1) {
      throw new LabException("There should be two messages of it: " + telegram.messages());
    }
    narrator.say("One message said so.");
  }

  private static void show(Narrator narrator, String message) {
    message.lines().forEach(line -> narrator.say("| " + line));
  }
}
