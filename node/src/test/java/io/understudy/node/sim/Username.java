package io.understudy.node.sim;

import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.GatewayId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * IBKR as one username sees it: one brokerage session, which the newcomer takes; codes that work
 * once; a lock after too many failures; and faults.
 */
final class Username {
  private static final int LOCK_AFTER = 10;

  private final World world;
  final GatewayId gateway;
  final SecondFactorKind secondFactor;
  private final Set<TotpStep> usedSteps = new HashSet<>();
  private Optional<GatewayProgram> holder = Optional.empty();
  private boolean human;
  private int failures;

  /** How long IBKR's clock lags behind true time never matters to us: it is true time. */
  boolean up = true;

  boolean wrongPassword;
  boolean wrongSecret;
  boolean missesFactor;
  boolean neverEstablishes;
  boolean positionsDiffer;
  boolean positionsSlow;
  Optional<Instant> lockedUntil = Optional.empty();

  Username(World world, GatewayId gateway, SecondFactorKind secondFactor) {
    this.world = world;
    this.gateway = gateway;
    this.secondFactor = secondFactor;
    positionsSlow = world.chance("positions", gateway.hashCode()).of(0.2);
  }

  Instant wall() {
    return world.wall();
  }

  boolean locked() {
    return lockedUntil.filter(until -> until.isAfter(wall())).isPresent();
  }

  void failed() {
    failures++;
    if (failures >= LOCK_AFTER) {
      lockedUntil = Optional.of(wall().plusSeconds(24 * 3600));
    }
  }

  void succeeded() {
    failures = 0;
  }

  /** Whether the code of that step is accepted now; a step that was seen once never is again. */
  boolean accepts(TotpStep step) {
    boolean fresh = usedSteps.add(step);
    long apart = Math.abs(TotpStep.at(wall()).number() - step.number());
    return fresh && apart <= 1 && !wrongSecret;
  }

  boolean wasUsed(TotpStep step) {
    return usedSteps.contains(step);
  }

  /** The newcomer insists and wins. */
  void take(GatewayProgram program) {
    if (holder.filter(program::equals).isEmpty()) {
      holder.ifPresent(GatewayProgram::displaced);
    }
    holder = Optional.of(program);
    human = false;
    world.note(() -> gateway + " brokerage session of " + program.machine());
  }

  /** A person logs in on a phone. */
  void takenByHuman() {
    holder.ifPresent(GatewayProgram::displaced);
    holder = Optional.empty();
    human = true;
    world.note(() -> gateway + " brokerage session of a person");
  }

  void humanLeaves() {
    human = false;
  }

  boolean heldByHuman() {
    return human;
  }

  /** IBKR drops the brokerage session; the single sign-on lives on. */
  void drop() {
    holder = Optional.empty();
  }

  void release(GatewayProgram program) {
    if (holds(program)) {
      holder = Optional.empty();
    }
  }

  /** Another gateway or a person has the session. */
  boolean isHeldElsewhere(GatewayProgram program) {
    return human || holder.filter(other -> !other.equals(program)).isPresent();
  }

  boolean holds(GatewayProgram program) {
    return holder.filter(program::equals).isPresent();
  }
}
