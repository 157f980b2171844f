package io.understudy.node.sim;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Function;

/** A host: its clocks, its link, its gateway programs, and the daemon that runs on it, if any. */
final class Machine {
  private static final Duration NEAR = Duration.ofMillis(3);
  private static final Duration FAR = Duration.ofMillis(300);

  private final World world;
  private final NodeId id;
  private final Chance chance;
  private final Chance watching;
  private final long clockRatePpm;
  private Duration near;
  private final ImmutableMap<GatewayId, GatewayProgram> programs;
  private final ArrayDeque<Runnable> thawed = new ArrayDeque<>();
  private final ArrayDeque<Runnable> resumed = new ArrayDeque<>();
  private Link link = Link.UP;
  private boolean frozen;
  private boolean asleep;
  private long asleepSince;
  private long slept;
  private long transitions;
  private long nextRequestLate;
  private long moments;
  private long nextAnswerLate;
  private Optional<Daemon> daemon = Optional.empty();

  /** The wall clock's error; the monotonic clock knows nothing of it. */
  Duration wallOffset = Duration.ZERO;

  /** Calls of peers reach this machine. */
  boolean reachable = true;

  /** This machine's calls reach its peers. */
  boolean reaches = true;

  /** Packets take long, and some get lost. */
  boolean slow;

  /** Touches of its session travel slowly between its server and the ensemble's leader. */
  boolean touchesSlow;

  /** Fences and logouts of this machine fail now and then. */
  boolean fencesFail;

  long thawedAt;

  Machine(
      World world,
      NodeId id,
      Chance chance,
      Function<Machine, ImmutableMap<GatewayId, GatewayProgram>> programs) {
    this.world = world;
    this.id = id;
    this.chance = chance;
    watching = world.chance("watching " + id, 0);
    clockRatePpm = chance.below(4_001) - 2_000L;
    wallOffset = Duration.ofMillis(chance.below(2_001) - 1_000);
    near = chance.of(0.8) ? NEAR : NEAR.multipliedBy(1 + chance.below(20));
    this.programs = programs.apply(this);
  }

  NodeId id() {
    return id;
  }

  /** A right clock and a short way to everybody: for figures. */
  void beOrdinary() {
    wallOffset = Duration.ZERO;
    near = NEAR;
  }

  /** What happens by chance on this machine and on its links. */
  Chance chance() {
    return chance;
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

  /** Numbers the phase changes of this machine, differently from those of the others. */
  long nextTransition() {
    transitions++;
    return numbered(transitions);
  }

  /** Numbers the decisive moments of this machine. */
  long nextMoment() {
    moments++;
    return numbered(moments);
  }

  private long numbered(long count) {
    return 1_000_000L * (id.value().charAt(id.value().length() - 1) - 'a') + count;
  }

  // ---- clocks

  /** Stands still while the whole machine sleeps. */
  MonotonicTime monotonic() {
    return new MonotonicTime(nanos());
  }

  /** {@link #monotonic()} as a number, for whoever asks after each event. */
  long nanos() {
    long awake = world.now() - slept();
    long drift = awake / 1_000_000 * clockRatePpm;
    return 7_000 * World.SECOND + awake + drift;
  }

  /**
   * How long it truly takes until this machine's monotonic clock shows that time, or a bit more.
   */
  long until(MonotonicTime time) {
    long left = time.since(monotonic()).toNanos();
    return Math.round(left / (1 + clockRatePpm / 1e6)) + World.MILLI / 100;
  }

  Now now() {
    return new Now(world.wall().plus(wallOffset), monotonic());
  }

  /** True nanoseconds for which this machine's monotonic clock has stood still so far. */
  long slept() {
    return asleep ? slept + world.now() - asleepSince : slept;
  }

  // ---- the network

  Link link() {
    return link;
  }

  void link(Link value) {
    world.note(() -> id + " link " + value);
    link = value;
    daemon.ifPresent(life -> life.client().troubled());
  }

  /** How long something takes between this machine and another. */
  long travel() {
    return travel(chance);
  }

  /**
   * As {@link #travel()}, of a probe: these draw from a stream of their own, since they are many.
   */
  long travelOfProbe() {
    return travel(watching);
  }

  private long travel(Chance chance) {
    long usual = chance.delay(near, FAR);
    return slow
        ? usual + chance.millis(100, 200) + (chance.of(0.05) ? chance.millis(200, 1_500) : 0)
        : usual;
  }

  /** The next request to the ensemble takes that much longer. */
  void nextRequestLate(long nanos) {
    nextRequestLate = nanos;
  }

  /** How long a request to the ensemble takes. */
  long request() {
    long late = nextRequestLate;
    nextRequestLate = 0;
    return travel() + late;
  }

  /** The next answer of the ensemble takes that much longer. */
  void nextAnswerLate(long nanos) {
    nextAnswerLate = nanos;
  }

  /** How long an answer of the ensemble takes. */
  long answer() {
    long late = nextAnswerLate;
    nextAnswerLate = 0;
    return travel() + late;
  }

  // ---- pauses

  /** The daemon does not run: it was stopped, or the whole machine sleeps. */
  boolean frozen() {
    return frozen;
  }

  boolean asleep() {
    return asleep;
  }

  /** The process is stopped; the clock runs on, and so does the gateway. */
  void freeze() {
    frozen = true;
    world.note(() -> id + " frozen");
  }

  /** The machine is suspended: nothing runs on it, and its monotonic clock stands still. */
  void sleep() {
    frozen = true;
    asleep = true;
    asleepSince = world.now();
    world.note(() -> id + " asleep");
  }

  /** What fell due meanwhile happens now, in order. */
  void thaw() {
    if (asleep) {
      slept = slept();
      asleep = false;
    }
    frozen = false;
    thawedAt = world.now();
    world.note(() -> id + " thawed");
    while (!resumed.isEmpty() && !asleep) {
      resumed.removeFirst().run();
    }
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

  /** Runs now, or when the machine is awake: for whatever is not of the daemon's process. */
  void runAwake(Runnable action) {
    if (asleep) {
      resumed.addLast(action);
    } else {
      action.run();
    }
  }
}
