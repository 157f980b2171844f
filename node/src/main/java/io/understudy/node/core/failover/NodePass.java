package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What the passes over a node's cells share: numbers for effects, the effects, the next time to
 * wake.
 */
final class NodePass {
  final NodeSettings settings;
  final Observations seen;
  final Now now;

  /** The nodes that have a record in coordination, as last read. */
  final ImmutableMap<NodeId, NodeRecord> nodes;

  /** When the right to lead ends; empty without a lease. The same for all cells. */
  final Optional<MonotonicTime> leaseEnd;

  /** When self-fencing must begin; empty without a lease. */
  final Optional<MonotonicTime> selfFenceAt;

  /** The lease runs, and self-fencing need not begin yet. */
  final boolean leaseHeld;

  /** The other nodes as of this pass. */
  ImmutableMap<NodeId, WatchedPeer> peers = ImmutableMap.of();

  private final List<Effect> effects = new ArrayList<>();
  private final List<Decision.Transition> transitions = new ArrayList<>();
  private final List<Long> answered = new ArrayList<>();
  private long nextEffect;
  private MonotonicTime wakeAt;

  NodePass(
      NodeSettings settings, Observations seen, Now now, long nextEffect, MonotonicTime latest) {
    this.settings = settings;
    this.seen = seen;
    this.now = now;
    nodes = seen.snapshot().map(CoordinationSnapshot::nodes).orElse(ImmutableMap.of());
    leaseEnd = seen.lease().flatMap(lease -> lease.end(settings.lease()));
    selfFenceAt = seen.lease().flatMap(lease -> lease.selfFenceAt(settings.lease()));
    leaseHeld = selfFenceAt.filter(end -> now.monotonic().isBefore(end)).isPresent();
    this.nextEffect = nextEffect;
    this.wakeAt = latest;
  }

  @CanIgnoreReturnValue
  EffectId effect(LongFunction<Effect> make) {
    Effect effect = make.apply(nextEffect);
    nextEffect++;
    effects.add(effect);
    return effect.id();
  }

  void wakeAt(MonotonicTime time) {
    wakeAt = time.isBefore(wakeAt) ? time : wakeAt;
  }

  void transitioned(Decision.Transition transition) {
    transitions.add(transition);
  }

  void answer(long call, CommandAnswer answer) {
    answered.add(call);
    effect(id -> new Effect.AnswerCommand(new EffectId(id), call, answer));
  }

  void answered(long call) {
    answered.add(call);
  }

  long nextEffect() {
    return nextEffect;
  }

  MonotonicTime wakeAt() {
    return wakeAt;
  }

  ImmutableList<Effect> effects() {
    return ImmutableList.copyOf(effects);
  }

  ImmutableList<Decision.Transition> transitions() {
    return ImmutableList.copyOf(transitions);
  }

  ImmutableSet<Long> answeredCalls() {
    return ImmutableSet.copyOf(answered);
  }
}
