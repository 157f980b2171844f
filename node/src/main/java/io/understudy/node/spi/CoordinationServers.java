package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.peers.ServerView;

/**
 * The servers that coordination consists of, one by one: whoever is connected to one of them does
 * not see how many are left.
 */
@FunctionalInterface
public interface CoordinationServers {
  /**
   * Asks each server what it is, in the order of the configuration. Bounded: each server has a
   * second for its answer. Never throws for a server that does not answer, and must not disturb
   * anybody's session.
   */
  ImmutableList<ServerView> look();
}
