package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that a scenario is written in, and what each of them does. HOST is primary, standby,
 * witness, operator or broker; PART is daemon, gateway, or "daemon and gateway".
 */
final class ScenarioSteps {
  private static final String BALLAST = "ballast";

  private final ScenarioWorld world;
  private final Expectations expectations;
  private final ImmutableList<Step> steps;

  private record Step(Pattern words, Consumer<MatchResult> action) {}

  ScenarioSteps(ScenarioWorld world, Expectations expectations) {
    this.world = world;
    this.expectations = expectations;
    this.steps =
        ImmutableList.<Step>builder()
            .addAll(network())
            .addAll(processes())
            .addAll(broker())
            .addAll(expected())
            .build();
  }

  void run(String line) {
    for (Step step : steps) {
      Matcher matcher = step.words().matcher(line);
      if (matcher.matches()) {
        step.action().accept(matcher.toMatchResult());
        return;
      }
    }
    throw new LabException(
        "No step is called \""
            + line
            + "\"; known are: "
            + String.join("; ", steps.stream().map(step -> step.words().pattern()).toList()));
  }

  private ImmutableList<Step> network() {
    LabNetwork network = world.network();
    return ImmutableList.of(
        fault("unplug HOST", m -> network.unplug(m.group(1))),
        fault("cut HOST off from ZooKeeper", m -> network.cutCoordination(m.group(1))),
        fault(
            "cut HOST off from HOST",
            m -> {
              network.dropBetween(m.group(1), m.group(2));
              network.dropBetween(m.group(2), m.group(1));
            }),
        fault("lose what HOST sends to HOST", m -> network.dropBetween(m.group(1), m.group(2))),
        fault(
            "slow HOST by N ms each way and lose N %",
            m ->
                network.slow(
                    world.cluster().processes(),
                    world.cluster().directory(),
                    m.group(1),
                    Duration.ofMillis(Long.parseLong(m.group(2))),
                    Integer.parseInt(m.group(3)))),
        step("heal the network", _ -> network.heal()));
  }

  private ImmutableList<Step> processes() {
    ZooKeeperEnsemble zookeeper = world.cluster().zookeeper();
    return ImmutableList.of(
        fault("kill PART of HOST", m -> signal("KILL", m)),
        fault("freeze PART of HOST", m -> signal("STOP", m)),
        step("thaw PART of HOST", m -> signal("CONT", m)),
        fault("power off HOST", m -> world.powerOff(m.group(1))),
        step("power on HOST", m -> world.powerOn(m.group(1))),
        fault("kill the ZooKeeper server of HOST", m -> zookeeper.server(m.group(1)).kill()),
        fault(
            "kill the ensemble's leader",
            _ ->
                zookeeper
                    .server(
                        zookeeper
                            .leader()
                            .orElseThrow(() -> new LabException("The ensemble has no leader")))
                    .kill()),
        step("lose the data of the ZooKeeper server of HOST", m -> zookeeper.loseData(m.group(1))),
        step("start the ZooKeeper servers that are down", _ -> startServers(zookeeper)),
        fault("fill the disk of HOST", m -> fill(world.disk(m.group(1)))),
        step(
            "step the clock of HOST by SIGNED s",
            m -> world.stepClock(m.group(1), Long.parseLong(m.group(2)))),
        step("empty the disk of HOST", m -> delete(world.disk(m.group(1)).resolve(BALLAST))));
  }

  private ImmutableList<Step> broker() {
    SimulatedBroker broker = world.cluster().broker();
    return ImmutableList.of(
        fault("IBKR: (.+)", m -> broker.addFault(m.group(1))),
        step("IBKR is well again", _ -> broker.removeFaults()),
        fault("the gateway of HOST hangs", m -> broker.tellGateway(m.group(1), "hang")),
        fault("a person logs in elsewhere", _ -> broker.logInElsewhere(LabCluster.USER)),
        step("the person logs out", _ -> broker.logOutElsewhere(LabCluster.USER)),
        step("start the naive pair", _ -> expectations.startNaivePair()),
        step("operator: (.+)", m -> expectations.operatorTypes(m.group(1))),
        step("operators type commands for N s", m -> expectations.storm(seconds(m.group(1)))));
  }

  private ImmutableList<Step> expected() {
    return ImmutableList.of(
        step("wait N s", m -> Waiting.pause(seconds(m.group(1)))),
        step(
            "expect HOST to take over within N s",
            m -> expectations.takeover(m.group(1), seconds(m.group(2)))),
        step(
            "expect HOST to trade for N s",
            m -> expectations.trading(m.group(1), seconds(m.group(2)))),
        step("expect service within N s", m -> expectations.service(seconds(m.group(1)))),
        step(
            "expect silence through HOST within N s",
            m -> expectations.silence(m.group(1), seconds(m.group(2)))),
        step("expect at most N logins", m -> expectations.logins(Integer.parseInt(m.group(1)))),
        step("expect the naive pair to have had two leaders", _ -> expectations.naivePair()),
        step(
            "expect HOST to need an operator within N s",
            m -> expectations.needsOperator(m.group(1), seconds(m.group(2)))));
  }

  /** A step that the takeover's time counts from, when it is the first one. */
  private Step fault(String words, Consumer<MatchResult> action) {
    return step(
        words,
        match -> {
          expectations.faultBegins(Instant.now(), System.nanoTime());
          action.accept(match);
        });
  }

  private static Step step(String words, Consumer<MatchResult> action) {
    String pattern =
        words
            .replace("HOST", "(primary|standby|witness|operator|broker)")
            .replace("PART", "(daemon|gateway|daemon and gateway)")
            .replace("SIGNED", "([+-]?[0-9]+)")
            .replaceAll("\\bN\\b", "([0-9]+)");
    return new Step(Pattern.compile(pattern), action);
  }

  private void signal(String name, MatchResult match) {
    String part = match.group(1);
    List<Long> pids = world.pids(match.group(2), part.contains("daemon"), part.contains("gateway"));
    if (pids.isEmpty()) {
      throw new LabException("There is no " + part + " on " + match.group(2));
    }
    // The kernel's list of them all in one command: as little time between them as can be.
    Sessions.signal(name, pids);
  }

  private static void startServers(ZooKeeperEnsemble zookeeper) {
    for (String host : List.of(LabNetwork.PRIMARY, LabNetwork.STANDBY, LabNetwork.WITNESS)) {
      if (!zookeeper.server(host).isAlive()) {
        zookeeper.restart(host);
      }
    }
  }

  private static void fill(Path disk) {
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(disk.resolve(BALLAST))) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!Objects.requireNonNullElse(e.getMessage(), "").contains("No space left")) {
        throw new LabException("Cannot fill " + disk, e);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new LabException("Cannot delete " + file, e);
    }
  }

  private static Duration seconds(String number) {
    return Duration.ofSeconds(Long.parseLong(number));
  }
}
