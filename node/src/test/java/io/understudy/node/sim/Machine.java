package io.understudy.node.sim;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;

/** A host: its clocks, its link, its gateway programs, and the daemon that runs on it, if any. */
final class Machine {
  private final World world;
  private final NodeId id;
  private final long clockRatePpm;
  private final ImmutableMap<GatewayId, GatewayProgram> programs;
  private final ArrayDeque<Runnable> thawed = new ArrayDeque<>();
  private Link link = Link.UP;
  private boolean frozen;
  private Optional<Daemon> daemon = Optional.empty();

  /** The wall clock's error; the monotonic clock knows nothing of it. */
  Duration wallOffset;

  /** Peers reach this machine. */
  boolean reachable = true;

  /** Fences and logouts of this machine fail now and then. */
  boolean fencesFail;

  long thawedAt;

  Machine(
      World world,
      NodeId id,
      long clockRatePpm,
      Duration wallOffset,
      ImmutableMap<GatewayId, GatewayProgram> programs) {
    this.world = world;
    this.id = id;
    this.clockRatePpm = clockRatePpm;
    this.wallOffset = wallOffset;
    this.programs = programs;
  }

  NodeId id() {
    return id;
  }

  ImmutableMap<GatewayId, GatewayProgram> programs() {
    return programs;
  }

  GatewayProgram program(GatewayId gateway) {
    return Optional.ofNullable(programs.get(gateway)).orElseThrow();
  }

  Optional<Daemon> daemon() {
    return daemon;
  }

  void daemon(Optional<Daemon> value) {
    daemon = value;
    thawed.clear();
  }

  // ---- clocks

  MonotonicTime monotonic() {
    long drift = world.now() / 1_000_000 * clockRatePpm;
    return new MonotonicTime(7_000 * World.SECOND + world.now() + drift);
  }

  Now now() {
    Instant wall = world.wall().plus(wallOffset);
    return new Now(wall, monotonic());
  }

  // ---- faults

  Link link() {
    return link;
  }

  void link(Link value) {
    world.note(() -> id + " link " + value);
    link = value;
  }

  boolean frozen() {
    return frozen;
  }

  void freeze() {
    frozen = true;
    world.note(() -> id + " frozen");
  }

  /** What fell due meanwhile happens now, in order. */
  void thaw() {
    frozen = false;
    thawedAt = world.now();
    world.note(() -> id + " thawed");
    while (!thawed.isEmpty() && !frozen) {
      thawed.removeFirst().run();
    }
  }

  /** Runs now, or when the process is thawed. */
  void run(Runnable action) {
    if (frozen) {
      thawed.addLast(action);
    } else {
      action.run();
    }
  }
}
