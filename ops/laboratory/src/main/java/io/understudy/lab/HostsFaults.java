package io.understudy.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stories of hosts, programs and lines that fail under a real service manager. */
final class HostsFaults {
  private static final String UNIT = "understudyd.service";
  private static final Duration CRASH_CLAIM_MAX = Duration.ofSeconds(4);
  private static final Duration RESTART_LIMIT = Duration.ofSeconds(60);
  private static final Pattern CLAIM =
      Pattern.compile("^([0-9]+\\.[0-9]+) .*to=CLAIMING", Pattern.MULTILINE);

  private HostsFaults() {}

  /** The daemon dies; the undertaker ends what is left, so the standby need not wait. */
  static String daemonKilled(HostsScene scene) {
    Takeover takeover =
        takeover(
            scene, leader -> leader.shell("kill -KILL $(systemctl show -P MainPID " + UNIT + ")"));
    expectRestart(takeover.from(), takeover.restartsBefore());
    expectJournal(takeover, "undertaker");
    if (takeover.claimed().compareTo(CRASH_CLAIM_MAX) > 0) {
      throw new LabException(
          "The standby claimed only after %s: the undertaker did not end the session"
              .formatted(Narrator.seconds(takeover.claimed())));
    }
    var _ = scene.settled();
    return takeover.words();
  }

  /** The daemon stands still, alive: systemd misses its signs of life and kills it. */
  static String daemonFrozen(HostsScene scene) {
    Takeover takeover =
        takeover(
            scene, leader -> leader.shell("kill -STOP $(systemctl show -P MainPID " + UNIT + ")"));
    expectRestart(takeover.from(), takeover.restartsBefore());
    expectJournal(takeover, "Watchdog timeout");
    var _ = scene.settled();
    return takeover.words();
  }

  /** Nothing passes the leader's tunnel, while it still reaches IBKR. */
  static String tunnelCut(HostsScene scene) {
    Takeover takeover =
        takeover(scene, leader -> scene.world().plumbing("cut_off", leader.id(), "tunnel"));
    scene.world().plumbing("heal", takeover.from().id());
    var _ = scene.settled();
    return takeover.words();
  }

  /** The host of the leader loses its power, and comes back without anybody's help. */
  static String powerLost(HostsScene scene) {
    Takeover takeover = takeover(scene, leader -> scene.world().plumbing("power_off", leader.id()));
    scene.world().plumbing("power_on", takeover.from().id());
    var _ = scene.settled();
    return takeover.words() + "; back as the standby after its boot";
  }

  /**
   * What a takeover took.
   *
   * @param claimed from the fault until the standby claims
   * @param traded from the fault until a trading client was answered again
   */
  private record Takeover(
      DebianHost from,
      DebianHost to,
      Instant begun,
      int restartsBefore,
      Duration claimed,
      Duration traded) {
    String words() {
      return "%s claimed after %s, orders passed after %s"
          .formatted(to.id(), Narrator.seconds(claimed), Narrator.seconds(traded));
    }
  }

  private static Takeover takeover(HostsScene scene, Consumer<DebianHost> fault) {
    var _ = scene.settled();
    DebianHost from = scene.leader();
    DebianHost to = scene.world().other(from);
    HostsTrading trading = scene.trading();
    var _ = trading.awaitFirst(from, System.nanoTime());
    int restarts = restarts(from);
    Instant wall = Instant.now();
    long begun = System.nanoTime();
    fault.accept(from);
    long resumed = trading.awaitFirst(to, begun);
    scene.judge();
    return new Takeover(
        from, to, wall, restarts, claimAfter(to, wall), Duration.ofNanos(resumed - begun));
  }

  private static Duration claimAfter(DebianHost node, Instant begun) {
    String journal = journal(node, begun);
    Matcher matcher = CLAIM.matcher(journal);
    while (matcher.find()) {
      Instant at = Instant.ofEpochMilli((long) (Double.parseDouble(matcher.group(1)) * 1_000));
      if (at.isAfter(begun)) {
        return Duration.between(begun, at);
      }
    }
    throw new LabException("The journal of " + node.id() + " knows of no claim");
  }

  private static int restarts(DebianHost host) {
    return Integer.parseInt(host.property(UNIT, "NRestarts"));
  }

  private static void expectRestart(DebianHost host, int before) {
    boolean restarted =
        Waiting.until(
            RESTART_LIMIT,
            Duration.ofMillis(500),
            () -> restarts(host) > before && host.active(UNIT));
    if (!restarted) {
      throw new LabException("systemd of " + host.id() + " did not start " + UNIT + " again");
    }
  }

  private static void expectJournal(Takeover takeover, String text) {
    if (!journal(takeover.from(), takeover.begun()).contains(text)) {
      throw new LabException(
          "The journal of %s does not say '%s'".formatted(takeover.from().id(), text));
    }
  }

  private static String journal(DebianHost host, Instant since) {
    return host.says(
        "journalctl",
        "--unit=" + UNIT,
        "--output=short-unix",
        "--no-pager",
        "--since=@" + since.getEpochSecond());
  }
}
