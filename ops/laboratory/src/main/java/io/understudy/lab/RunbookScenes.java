package io.understudy.lab;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How the system is broken before a page is executed, and what happens beside what a person types:
 * the names that pages use.
 */
final class RunbookScenes {
  private static final Duration CLOCK_OFFSET = Duration.ofSeconds(-90);
  private static final int SOLD_SHARES = 10;

  /** Not the one that the nodes have. */
  private static final String OTHER_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

  /** Each scenario with what it needs and does. */
  static final ImmutableMap<String, Scene> SCENARIOS =
      ImmutableMap.<String, Scene>builder()
          .put("empty-folder", Scene.desk(_ -> {}))
          .put("folder-of-a-cluster", Scene.desk(RunbookScenes::makeCluster))
          .put("all-is-well", Scene.cluster(_ -> {}))
          .put("leaders-host-lost", Scene.cluster(world -> world.loseHost("a")))
          .put("leaders-host-lost-while-paused", Scene.cluster(RunbookScenes::loseWhilePaused))
          .put("witness-lost", Scene.cluster(world -> world.loseServer(RunbookWorld.WITNESS)))
          .put("quorum-lost", Scene.cluster(RunbookScenes::loseQuorum))
          .put("two-hosts-lost", Scene.cluster(RunbookScenes::loseTwoHosts))
          .put("zookeeper-data-lost", Scene.cluster(RunbookScenes::loseData))
          .put("standbys-disk-lost", Scene.cluster(RunbookScenes::loseStandbysDisk))
          .put("ibkr-locks-the-user", Scene.cluster(RunbookScenes::lockUser).excusing(1))
          .put("code-refused", Scene.of(Needs.CLUSTER_WITH_CODES, RunbookScenes::refuseCode))
          .put(
              "clock-differs-from-ibkrs",
              Scene.of(Needs.CLUSTER_WITH_CODES, RunbookScenes::shiftClock))
          .put("somebody-logs-in", Scene.of(Needs.FRESH_CLUSTER, RunbookScenes::competeTwice))
          .put("positions-differ", Scene.cluster(RunbookScenes::sellByTelephone))
          .put("ibkr-maintenance", Scene.cluster(RunbookScenes::closeIbkr))
          .buildOrThrow();

  /** What happens in the midst of a page. */
  static final ImmutableMap<String, Consumer<RunbookWorld>> HAPPENINGS =
      ImmutableMap.<String, Consumer<RunbookWorld>>builder()
          .put("ibkr-unlocks-the-user", world -> world.ibkr().forgive(LabCluster.USER))
          .put("the-secret-is-right-again", RunbookWorld::expectTheRightCode)
          .put("clocks-agree-again", world -> world.ibkr().shiftClock(Duration.ZERO))
          .put("the-person-logs-out", world -> world.ibkr().logOutElsewhere(LabCluster.USER))
          .put("ibkr-is-back", world -> world.ibkr().removeFaults())
          .buildOrThrow();

  /** What a scenario needs to be there first. */
  enum Needs {
    /** The operator's machine alone. */
    DESK,
    /** A cluster that logs in without a second factor, so that nothing waits for a time step. */
    CLUSTER,
    /** The same, which no other page has used. */
    FRESH_CLUSTER,
    /** One that logs in with one-time codes. */
    CLUSTER_WITH_CODES
  }

  /**
   * What is done at the desk, and in the world where there is one.
   *
   * @param excused violations in the broker's eyes that the scenario itself makes: a login while
   *     the user is locked, which nobody can know before it
   */
  record Scene(
      Needs needs, Consumer<RunbookShell> atDesk, Consumer<RunbookWorld> inWorld, int excused) {
    Scene excusing(int violations) {
      return new Scene(needs, atDesk, inWorld, violations);
    }

    static Scene desk(Consumer<RunbookShell> action) {
      return new Scene(Needs.DESK, action, _ -> {}, 0);
    }

    static Scene of(Needs needs, Consumer<RunbookWorld> action) {
      return new Scene(needs, _ -> {}, action, 0);
    }

    static Scene cluster(Consumer<RunbookWorld> action) {
      return of(Needs.CLUSTER, action);
    }
  }

  private RunbookScenes() {}

  /** What {@code first-installation.md} makes: a cluster file, the authority, bundles. */
  private static void makeCluster(RunbookShell shell) {
    for (String command :
        new String[] {
          "understudy cluster init --primary alpha=198.51.100.1 --standby beta=198.51.100.2"
              + " --witness gamma=198.51.100.3 --operator anna",
          "printf '  ben: {role: operator, host: desk}\\n' >> cluster.yaml",
          "understudy cluster render --out bundles"
        }) {
      Finished finished = shell.types(command);
      if (finished.exitCode() != 0) {
        throw new LabException(command + " failed: " + finished.output().strip());
      }
    }
  }

  private static void loseWhilePaused(RunbookWorld world) {
    world.types("pause", "--reason", "work on the network", "--yes");
    world.loseHost("a");
  }

  private static void loseQuorum(RunbookWorld world) {
    world.loseServer("b");
    world.loseServer(RunbookWorld.WITNESS);
  }

  /** The leader's host, and the witness, whose disk the page takes for damaged. */
  private static void loseTwoHosts(RunbookWorld world) {
    world.loseHost("a");
    world.loseServer(RunbookWorld.WITNESS);
  }

  private static void loseData(RunbookWorld world) {
    world.loseServerAndData("a");
    world.loseServerAndData("b");
    world.loseServerAndData(RunbookWorld.WITNESS);
  }

  private static void loseStandbysDisk(RunbookWorld world) {
    world.loseHost("b");
    world.loseServerAndData("b");
    PrivateFiles.deleteTree(
        LabWorld.stateDirectory(world.cluster().directory(), "b", LabCluster.NAME));
  }

  /** The session ends, and the login that follows is refused. */
  private static void lockUser(RunbookWorld world) {
    world
        .ibkr()
        .change(
            LabCluster.USER,
            "{\"lockedUntil\": \"2099-01-01T00:00:00Z\", \"text\": \"Too many failed attempts\"}");
    world.killGateway("a");
    world.awaitPhase("a", "NEEDS_OPERATOR");
  }

  private static void refuseCode(RunbookWorld world) {
    world
        .ibkr()
        .change(
            LabCluster.USER,
            "{\"secondFactor\": {\"kind\": \"totp\", \"secret\": \"" + OTHER_SECRET + "\"}}");
    world.killGateway("a");
  }

  private static void shiftClock(RunbookWorld world) {
    world.ibkr().shiftClock(CLOCK_OFFSET);
    world.killGateway("a");
  }

  /** The first time the leader takes the session back. */
  private static void competeTwice(RunbookWorld world) {
    world.loseAndRetakeSession("a");
    world.ibkr().logInElsewhere(LabCluster.USER);
    world.awaitPhase("a", "NEEDS_OPERATOR");
  }

  private static void sellByTelephone(RunbookWorld world) {
    world
        .ibkr()
        .setPositions(
            LabCluster.USER,
            LabCluster.ACCOUNT,
            LabPositions.atBroker(LabPositions.expectedShares() - SOLD_SHARES).toString());
  }

  /** The session ends, and logins are refused. */
  private static void closeIbkr(RunbookWorld world) {
    world.ibkr().addFault("{\"kind\": \"maintenance\"}");
    world.killGateway("a");
  }
}
