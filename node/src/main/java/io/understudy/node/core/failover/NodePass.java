package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.Now;
import java.util.function.LongFunction;

/**
 * What the passes over a node's cells share: numbers for effects, the effects, the next time to
 * wake.
 */
final class NodePass {
  final NodeSettings settings;
  final Observations seen;
  final Now now;
  private final ImmutableList.Builder<Effect> effects = ImmutableList.builder();
  private final ImmutableList.Builder<Decision.Transition> transitions = ImmutableList.builder();
  private final ImmutableSet.Builder<Long> answered = ImmutableSet.builder();
  private long nextEffect;
  private MonotonicTime wakeAt;

  NodePass(
      NodeSettings settings, Observations seen, Now now, long nextEffect, MonotonicTime latest) {
    this.settings = settings;
    this.seen = seen;
    this.now = now;
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
    return effects.build();
  }

  ImmutableList<Decision.Transition> transitions() {
    return transitions.build();
  }

  ImmutableSet<Long> answeredCalls() {
    return answered.build();
  }
}
