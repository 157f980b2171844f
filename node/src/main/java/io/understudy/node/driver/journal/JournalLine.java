package io.understudy.node.driver.journal;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.model.Now;

/** One line of the journal. */
sealed interface JournalLine {
  /** A life begins: nothing was seen, and the state is the initial one. */
  record Begin(Now now, NodeSettings settings) implements JournalLine {}

  /**
   * From here on it can be replayed again: everything that was known before the pass that follows.
   * Written at the head of every further file, and behind lines that were lost.
   */
  record Resume(NodeSettings settings, Observations seen, NodeState state) implements JournalLine {}

  /** What was folded at that time, and what was decided on it. */
  record Pass(
      Now now,
      ImmutableList<Observation> observations,
      ImmutableList<Effect> effects,
      ImmutableList<Decision.Transition> transitions)
      implements JournalLine {}

  /** What was folded at that time, and the bug that kept the core from deciding. */
  record Failure(Now now, ImmutableList<Observation> observations, String bug)
      implements JournalLine {}
}
