package io.understudy.lab;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a cluster, tells its story with the real command line, and ends everything. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "A cluster of real processes on this machine: login, crash, takeover, switchover.")
public final class Demo implements Callable<Integer> {

  @Option(names = "--keep", description = "Leave the cluster running until Ctrl-C.")
  private boolean keep;

  @Option(names = "--json", description = "Print the figures as one last line of JSON.")
  private boolean json;

  private final PrintStream out = System.out;

  private Demo() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new Demo()).execute(arguments));
  }

  @Override
  public Integer call() {
    Narrator narrator = new Narrator(out);
    return LoopbackRun.of(
        out, (processes, directory) -> summary(narrator, tell(processes, directory, narrator)));
  }

  private Story.Figures tell(LabProcesses processes, LabDirectory directory, Narrator narrator) {
    narrator.chapter("Start a cluster");
    long start = System.nanoTime();
    try (LabCluster cluster =
        LabCluster.start(
            processes,
            Installation.find(),
            directory.path(),
            LabSettings.loopback(LabSettings.SecondFactor.TOTP))) {
      introduce(narrator, cluster, Duration.ofNanos(System.nanoTime() - start));
      Story.Figures figures = Story.tell(cluster, narrator);
      if (keep) {
        waitForInterrupt(cluster);
      }
      stop(narrator, cluster);
      return figures;
    }
  }

  private static void introduce(Narrator narrator, LabCluster cluster, Duration duration) {
    narrator.say(
        "Three ZooKeeper servers, a simulated broker and two nodes run on loopback, all with mutual TLS (started in %s):"
            .formatted(Narrator.seconds(duration)));
    for (LabNode node : cluster.nodes()) {
      narrator.say(
          "  node %s  pid %-7d api %s  relay %s  health http://%s/health  page https://%s/"
              .formatted(
                  node.id(),
                  node.daemon().pid(),
                  node.endpoints().apiAddress(),
                  node.endpoints().relayAddress(),
                  node.endpoints().httpAddress(),
                  node.endpoints().pageAddress()));
    }
  }

  private void waitForInterrupt(LabCluster cluster) {
    out.println();
    out.println("The cluster keeps running. In another terminal:");
    out.println("  export UNDERSTUDY_CONFIG=" + cluster.commandLine().contexts());
    out.println("  " + cluster.commandLine().program() + " status --watch");
    for (LabNode node : cluster.nodes()) {
      out.println(
          "The status page of " + node.id() + ": https://" + node.endpoints().pageAddress());
    }
    out.println(
        "  Its certificate is of the demo's own authority, so the browser warns. It asks for the token in "
            + cluster.viewerTokenFile());
    out.println("Stop it with Ctrl-C here, or with: kill " + ProcessHandle.current().pid());
    out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted", e);
    }
  }

  /** SIGTERM must be enough: the leader logs out, and no daemon leaves a gateway behind. */
  private static void stop(Narrator narrator, LabCluster cluster) {
    narrator.chapter("Stop");
    for (LabNode node : cluster.nodes()) {
      LabProcess.Stopped stopped = node.stop();
      if (stopped.killed() || !stopped.leftBehind().isEmpty()) {
        throw new LabException(
            "Node "
                + node.id()
                + (stopped.killed() ? " did not end when asked" : " left a process behind")
                + node.daemon().last());
      }
    }
    int violations = cluster.broker().report().path("violations").asInt(-1);
    if (violations != 0) {
      throw new LabException("The broker counted " + violations + " violations while stopping");
    }
    narrator.say(
        "Both nodes ended when asked, the leader after its logout; nothing is left behind.");
  }

  private void summary(Narrator narrator, Story.Figures figures) {
    narrator.chapter("Summary");
    narrator.say(
        "Crash takeover %s, without the wait for a time step %s"
            .formatted(
                Narrator.seconds(figures.crash().total()),
                Narrator.seconds(figures.crash().withoutTimeStep())));
    narrator.say(
        "Switchover     %s, without the wait for a time step %s"
            .formatted(
                Narrator.seconds(figures.switchover().total()),
                Narrator.seconds(figures.switchover().withoutTimeStep())));
    narrator.say("Logins %d, violations %d".formatted(figures.logins(), figures.violations()));
    if (json) {
      out.println(toJson(figures));
    }
  }

  private static String toJson(Story.Figures figures) {
    ObjectNode node = new JsonMapper().createObjectNode();
    node.put("crash_takeover_ms", figures.crash().total().toMillis());
    node.put("switchover_ms", figures.switchover().total().toMillis());
    ObjectNode phases = node.putObject("phases");
    phases(phases.putObject("crash_takeover"), figures.crash());
    phases(phases.putObject("switchover"), figures.switchover());
    node.put("logins", figures.logins());
    node.put("violations", figures.violations());
    return node.toString();
  }

  private static void phases(ObjectNode node, TakeoverFigures figures) {
    figures.phases().forEach((name, duration) -> node.put(name + "_ms", duration.toMillis()));
  }
}
