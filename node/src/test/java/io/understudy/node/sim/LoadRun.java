package io.understudy.node.sim;

import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.wire.StoredRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Many gateways on one pair of nodes, without faults but one: the host that leads them all is lost.
 * The judge looks on, so that budget, codes and custody hold for each of them.
 */
final class LoadRun {
  private static final long STEADY = 60 * World.SECOND;
  private static final long SERVING_MAX = 3_600 * World.SECOND;

  private final int cells;
  private final World world;
  private final Cluster cluster;
  private final Machine first;
  private final Machine second;

  LoadRun(int cells, long seed) {
    this.cells = cells;
    Plan plan = Plan.of(seed).withCells(cells);
    world = new World(plan);
    cluster = new Cluster(world, new Coverage(), plan);
    first = cluster.machines().get(0);
    second = cluster.machines().get(1);
    cluster.machines().forEach(machine -> machine.beOrdinary());
  }

  /**
   * What was measured; times in simulated seconds.
   *
   * @param renewals of one node, per second
   * @param recordBytes of the node's own record, which each renewal writes
   * @param passMillis real time of one pass over all cells
   */
  record Figures(
      int cells,
      double startedAfter,
      double renewals,
      int recordBytes,
      double passMillis,
      double claimedAfter,
      double medianAfter,
      double allAfter,
      long writes,
      long submissions) {}

  /** The figures for one cell, some, and all of them, as a table. */
  static String table(int cells, long seed) {
    StringBuilder text = new StringBuilder();
    text.append(
        "| gateways | all serve after a cold start | renewals per node and second | record |"
            + " one pass, real time | host lost: first serves | half serve | all serve | guarded writes |"
            + " submissions |\n|---|---|---|---|---|---|---|---|---|---|\n");
    IntStream.of(1, Math.max(1, cells / 10), cells)
        .distinct()
        .mapToObj(number -> new LoadRun(number, seed).run())
        .forEach(figures -> text.append(row(figures)));
    return text.toString();
  }

  private static String row(Figures f) {
    return String.format(
        Locale.ROOT,
        "| %,d | %.1f s | %.2f | %,d bytes | %.2f ms | %.1f s | %.1f s | %.1f s | %,d | %,d |%n",
        f.cells,
        f.startedAfter,
        f.renewals,
        f.recordBytes,
        f.passMillis,
        f.claimedAfter,
        f.medianAfter,
        f.allAfter,
        f.writes,
        f.submissions);
  }

  Figures run() {
    cluster.start(first);
    world.after(2 * World.SECOND, this::startSecond);
    List<Long> started = untilAllServe(first, 0);
    long renewals = cluster.ensemble().renewals();
    until(world.now() + STEADY);
    double perSecond = (cluster.ensemble().renewals() - renewals) / 2.0 / (STEADY / 1e9);
    NodeRecord record = first.daemon().orElseThrow().self();
    long lostAt = world.now();
    long writes = cluster.ensemble().writes();
    long submissions = cluster.judge().logins();
    first.daemon().orElseThrow().die();
    first.programs().values().forEach(GatewayProgram::end);
    List<Long> moved = untilAllServe(second, lostAt);
    return new Figures(
        cells,
        started.getLast() / 1e9,
        perSecond,
        StoredRecords.encode(record).length,
        second.daemon().orElseThrow().passMillis(),
        moved.getFirst() / 1e9,
        moved.get(moved.size() / 2) / 1e9,
        moved.getLast() / 1e9,
        cluster.ensemble().writes() - writes,
        cluster.judge().logins() - submissions);
  }

  /**
   * Once the first stands in every election, which takes a while when they are many: the second
   * would lead the rest of them else, since cells elect independently.
   */
  private void startSecond() {
    if (cluster.ensemble().electedEverywhere(first.id())) {
      cluster.start(second);
    } else {
      world.after(100 * World.MILLI, this::startSecond);
    }
  }

  /** When each cell began to serve there, in order. */
  private List<Long> untilAllServe(Machine machine, long since) {
    List<Long> serving = new ArrayList<>();
    long end = world.now() + SERVING_MAX;
    while (serving.size() < cells) {
      until(world.now() + 100 * World.MILLI);
      long now =
          machine.daemon().stream()
              .flatMap(daemon -> daemon.self().cells().stream())
              .filter(cell -> cell.phase() == Phase.SERVING && cell.gateOpen())
              .count();
      while (serving.size() < now) {
        serving.add(world.now() - since);
      }
      if (world.now() > end) {
        throw new PromiseBroken(
            Promise.LIVENESS, now + " of " + cells + " gateways serve at " + machine.id());
      }
    }
    return serving;
  }

  private void until(long time) {
    while (world.step(time)) {
      cluster.judge().check();
    }
  }
}
