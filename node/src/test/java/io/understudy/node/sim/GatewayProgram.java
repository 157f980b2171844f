package io.understudy.node.sim;

import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * One gateway program on one machine. It outlives the daemon that started it, and when it was
 * displaced it may insist on the session again by itself until it is cleared or ended.
 */
final class GatewayProgram {
  private final World world;
  private final Chance chance;
  private final Machine machine;
  private final Username username;
  private ProcessState process = ProcessState.STOPPED;
  private boolean signedOn;
  private Optional<Daemon> signedOnBy = Optional.empty();
  private boolean displaced;
  private boolean strayed;
  private int life;
  boolean hung;

  /** It takes longer to begin than anybody waits. */
  boolean startsSlowly;

  GatewayProgram(World world, Machine machine, Username username) {
    this.world = world;
    chance = world.chance("program " + machine.id(), username.gateway.hashCode());
    this.machine = machine;
    this.username = username;
  }

  NodeId machine() {
    return machine.id();
  }

  Username username() {
    return username;
  }

  ProcessState process() {
    return process;
  }

  boolean established() {
    return signedOn && username.holds(this);
  }

  /** Logged in through a daemon of its machine, and not stopped since. */
  boolean ours() {
    return signedOn && !strayed;
  }

  /** Logged in through this life of its machine's daemon, and not stopped since. */
  boolean loggedInBy(Daemon daemon) {
    return ours() && signedOnBy.filter(life -> life == daemon).isPresent();
  }

  boolean answers() {
    return process == ProcessState.LISTENING && !hung;
  }

  void start() {
    if (process == ProcessState.STOPPED) {
      process = ProcessState.STARTING;
      int started = life;
      later(
          startsSlowly ? chance.millis(4_000, 9_000) : chance.millis(50, 1_500),
          () -> {
            if (life == started && process == ProcessState.STARTING) {
              process = ProcessState.LISTENING;
            }
          });
    }
  }

  private void later(long nanos, Runnable action) {
    world.after(nanos, () -> machine.runAwake(action));
  }

  /** The single sign-on worked; the program opens the brokerage session by itself. */
  void signOn() {
    signedOn = true;
    signedOnBy = machine.daemon();
    displaced = false;
    strayed = false;
    int started = life;
    later(
        chance.millis(50, 2_000),
        () -> {
          if (life == started && signedOn && username.up && !username.neverEstablishes) {
            username.take(this);
          }
        });
  }

  /** Somebody at the machine logs in past the daemon. */
  void stray() {
    if (answers() && !signedOn && !machine.asleep()) {
      signOn();
      strayed = true;
    }
  }

  /** Without competing, a session that somebody else holds stays theirs. */
  boolean reopen(boolean compete) {
    if (!answers() || !signedOn || !username.up) {
      return false;
    }
    if (!compete && username.isHeldElsewhere(this)) {
      displaced = true;
      return true;
    }
    displaced = false;
    username.take(this);
    return true;
  }

  /** Somebody else took the brokerage session. */
  void displaced() {
    displaced = true;
  }

  /** One of its own tickles failed: it runs its whole handshake again, and insists. */
  void ownTickleFails() {
    boolean able = process == ProcessState.LISTENING && signedOn && !machine.asleep();
    if (able && !username.holds(this) && username.up) {
      displaced = false;
      world.note(() -> username.gateway + " gateway of " + machine.id() + " insists by itself");
      username.take(this);
    }
  }

  /**
   * IBKR heard of a logout, and the program lives on: soon it opens the session again by itself.
   */
  void halfLoggedOut() {
    username.release(this);
    int loggedOut = life;
    later(
        chance.millis(0, 3_000),
        () -> {
          if (life == loggedOut) {
            ownTickleFails();
          }
        });
  }

  /** The single sign-on ends on IBKR's side. */
  void signedOff() {
    signedOn = false;
    displaced = false;
    username.release(this);
  }

  /** The program ends; IBKR forgets its session when it hears of it. */
  void end() {
    life++;
    process = ProcessState.STOPPED;
    hung = false;
    signedOff();
  }

  int life() {
    return life;
  }

  GatewayStatus status(Duration clockOffset) {
    ProcessState seen = hung && process == ProcessState.LISTENING ? ProcessState.STARTING : process;
    return new GatewayStatus(seen, session(), "simulated", Optional.of(clockOffset));
  }

  private SessionState session() {
    if (process == ProcessState.STOPPED) {
      return SessionState.LOGGED_OUT;
    }
    if (!answers() || !username.up) {
      return SessionState.UNKNOWN;
    }
    if (!signedOn) {
      return SessionState.LOGGED_OUT;
    }
    if (username.holds(this)) {
      return SessionState.ESTABLISHED;
    }
    return displaced ? SessionState.COMPETING : SessionState.NOT_ESTABLISHED;
  }
}
