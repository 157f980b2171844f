package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.Now;
import io.understudy.node.spi.Journal;

/** Keeps nothing. */
final class SilentJournal implements Journal {
  @Override
  public void begin(NodeSettings settings, Now now) {}

  @Override
  public void pass(Now now, ImmutableList<Observation> observations, Decision decision) {}

  @Override
  public void failed(Now now, ImmutableList<Observation> observations, RuntimeException bug) {}

  @Override
  public void close() {}
}
