package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.Now;

/**
 * Every observation and decision, a line each pass, so that what happened can be replayed through
 * the core. Called by the loop's thread; must not block for long and never throws: a journal that
 * cannot be written is told once and gone without.
 */
public interface Journal extends AutoCloseable {
  /** The first line of a life: what the state began with. */
  void begin(NodeSettings settings, Now now);

  /**
   * One pass: what was folded since the last one, in order, each with the time of its fold, and
   * what was decided.
   */
  void pass(Now now, ImmutableList<Observation> observations, Decision decision);

  /** The last pass of a life that a bug ends: what was folded, and nothing was decided. */
  void failed(Now now, ImmutableList<Observation> observations, RuntimeException bug);

  @Override
  void close();
}
