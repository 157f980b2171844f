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
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that a scenario is written in, and what each of them does. HOST is primary, standby,
 * witness, operator or broker; PART is daemon, gateway, or "daemon and gateway"; KIND is one of a
 * drill.
 */
final class ScenarioSteps {
  private static final String BALLAST = "ballast";
  private static final String USER = LabCluster.USER;

  private static final ImmutableList<Step> STEPS =
      ImmutableList.<Step>builder()
          .addAll(network())
          .addAll(processes())
          .addAll(broker())
          .addAll(expected())
          .addAll(drills())
          .build();

  private final ScenarioWorld world;
  private final Expectations expectations;
  private final Drilling drilling;

  private record Step(Pattern words, BiConsumer<ScenarioSteps, MatchResult> action) {}

  ScenarioSteps(ScenarioWorld world, Expectations expectations) {
    this.world = world;
    this.expectations = expectations;
    this.drilling = new Drilling(world, expectations);
  }

  static boolean knows(String line) {
    return STEPS.stream().anyMatch(step -> step.words().matcher(line).matches());
  }

  void run(String line) {
    for (Step step : STEPS) {
      Matcher matcher = step.words().matcher(line);
      if (matcher.matches()) {
        step.action().accept(this, matcher.toMatchResult());
        return;
      }
    }
    throw new LabException(
        "No step is called \""
            + line
            + "\"; known are: "
            + String.join("; ", STEPS.stream().map(step -> step.words().pattern()).toList()));
  }

  private static ImmutableList<Step> network() {
    return ImmutableList.of(
        fault("unplug HOST", (lab, m) -> lab.lines().unplug(m.group(1))),
        fault("cut HOST off from ZooKeeper", (lab, m) -> lab.lines().cutCoordination(m.group(1))),
        fault(
            "cut HOST off from HOST",
            (lab, m) -> {
              lab.lines().dropBetween(m.group(1), m.group(2));
              lab.lines().dropBetween(m.group(2), m.group(1));
            }),
        fault(
            "lose what HOST sends to HOST",
            (lab, m) -> lab.lines().dropBetween(m.group(1), m.group(2))),
        fault("slow HOST by N ms each way and lose N %", ScenarioSteps::slow),
        step("heal the network", (lab, _) -> lab.lines().heal()));
  }

  private static ImmutableList<Step> processes() {
    return ImmutableList.of(
        fault("kill PART of HOST", (lab, m) -> Signals.send("KILL", lab.pids(m))),
        fault("freeze PART of HOST", (lab, m) -> lab.world.freeze(m.group(2), lab.pids(m))),
        step("thaw PART of HOST", (lab, m) -> Signals.send("CONT", lab.pids(m))),
        fault("power off HOST", (lab, m) -> lab.world.powerOff(m.group(1))),
        step("power on HOST", (lab, m) -> lab.world.powerOn(m.group(1))),
        fault(
            "kill the ZooKeeper server of HOST",
            (lab, m) -> lab.ensemble().server(m.group(1)).kill()),
        fault("kill the ensemble's leader", (lab, _) -> lab.killEnsembleLeader()),
        step(
            "lose the data of the ZooKeeper server of HOST",
            (lab, m) -> lab.ensemble().loseData(m.group(1))),
        step("start the ZooKeeper servers that are down", (lab, _) -> lab.startServers()),
        fault("fill the disk of HOST", (lab, m) -> fill(lab.world.disk(m.group(1)))),
        step(
            "empty the disk of HOST",
            (lab, m) -> delete(lab.world.disk(m.group(1)).resolve(BALLAST))),
        step(
            "step the clock of HOST by SIGNED s",
            (lab, m) -> lab.world.stepClock(m.group(1), Long.parseLong(m.group(2)))));
  }

  private static ImmutableList<Step> broker() {
    return ImmutableList.of(
        fault("IBKR: (.+)", (lab, m) -> lab.ibkr().addFault(m.group(1))),
        step("IBKR is well again", (lab, _) -> lab.ibkr().removeFaults()),
        fault("the gateway of HOST hangs", (lab, m) -> lab.ibkr().tellGateway(m.group(1), "hang")),
        fault("a person logs in elsewhere", (lab, _) -> lab.ibkr().logInElsewhere(USER)),
        step("the person logs out", (lab, _) -> lab.ibkr().logOutElsewhere(USER)),
        step("start the naive pair", (lab, _) -> lab.expectations.startNaivePair()),
        step("operator: (.+)", (lab, m) -> lab.expectations.operatorTypes(m.group(1))),
        step(
            "operators type commands for N s",
            (lab, m) -> lab.expectations.storm(seconds(m.group(1)))));
  }

  private static ImmutableList<Step> expected() {
    return ImmutableList.of(
        step("wait N s", (_, m) -> Waiting.pause(seconds(m.group(1)))),
        step(
            "expect HOST to take over within N s",
            (lab, m) -> lab.expectations.takeover(m.group(1), seconds(m.group(2)))),
        step(
            "expect HOST to trade for N s",
            (lab, m) -> lab.expectations.trading(m.group(1), seconds(m.group(2)))),
        step(
            "expect service within N s", (lab, m) -> lab.expectations.service(seconds(m.group(1)))),
        step(
            "expect silence through HOST within N s",
            (lab, m) -> lab.expectations.silence(m.group(1), seconds(m.group(2)))),
        step(
            "expect at most N logins",
            (lab, m) -> lab.expectations.logins(Integer.parseInt(m.group(1)))),
        step(
            "expect the naive pair to have had two leaders",
            (lab, _) -> lab.expectations.naivePair()),
        step(
            "expect HOST to need an operator within N s",
            (lab, m) -> lab.expectations.needsOperator(m.group(1), seconds(m.group(2)))));
  }

  private static ImmutableList<Step> drills() {
    return ImmutableList.of(
        step("drill KIND", (lab, m) -> lab.drilling.passes(m.group(1))),
        step("drill KIND with an RTO of N s, which is missed", ScenarioSteps::missed),
        step("drill KIND and abort it", (lab, m) -> lab.drilling.aborted(m.group(1))),
        step("drill KIND and abort it midway", (lab, m) -> lab.drilling.abortedMidway(m.group(1))),
        step("drill KIND and lose its operator", (lab, m) -> lab.drilling.disconnected(m.group(1))),
        step("expect no cut", (lab, _) -> lab.drilling.nothingCut()));
  }

  private static void missed(ScenarioSteps lab, MatchResult match) {
    lab.drilling.missed(match.group(1), seconds(match.group(2)));
  }

  /** A step that the takeover's time counts from, when it is the first one. */
  private static Step fault(String words, BiConsumer<ScenarioSteps, MatchResult> action) {
    return step(
        words,
        (lab, match) -> {
          lab.expectations.faultBegins(Instant.now(), System.nanoTime());
          action.accept(lab, match);
        });
  }

  private static Step step(String words, BiConsumer<ScenarioSteps, MatchResult> action) {
    String pattern =
        words
            .replace("HOST", "(primary|standby|witness|operator|broker)")
            .replace("PART", "(daemon|gateway|daemon and gateway)")
            .replace("KIND", "(switchover|crash|partition|gateway-crash|login-only)")
            .replace("SIGNED", "([+-]?[0-9]+)")
            .replaceAll("\\bN\\b", "([0-9]+)");
    return new Step(Pattern.compile(pattern), action);
  }

  private LabNetwork lines() {
    return world.network();
  }

  private ZooKeeperEnsemble ensemble() {
    return world.cluster().zookeeper();
  }

  private SimulatedBroker ibkr() {
    return world.cluster().broker();
  }

  private void slow(MatchResult match) {
    lines()
        .slow(
            world.cluster().processes(),
            world.cluster().directory(),
            match.group(1),
            Duration.ofMillis(Long.parseLong(match.group(2))),
            Integer.parseInt(match.group(3)));
  }

  private void killEnsembleLeader() {
    String host =
        ensemble().leader().orElseThrow(() -> new LabException("The ensemble has no leader"));
    ensemble().server(host).kill();
  }

  /** The processes that a step names, all of them. */
  private ImmutableList<Long> pids(MatchResult match) {
    String part = match.group(1);
    ImmutableList<Long> pids =
        world.pids(match.group(2), part.contains("daemon"), part.contains("gateway"));
    if (pids.size() != part.split(" and ", -1).length) {
      throw new LabException(
          "Not every " + part + " is there on " + match.group(2) + ", only " + pids);
    }
    return pids;
  }

  private void startServers() {
    for (String host : List.of(LabNetwork.PRIMARY, LabNetwork.STANDBY, LabNetwork.WITNESS)) {
      if (!ensemble().server(host).isAlive()) {
        ensemble().restart(host);
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
