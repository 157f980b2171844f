package io.understudy.node.sim;

/** How a node reaches the ensemble. */
enum Link {
  UP,
  /** The node reaches no server. What its server has heard before still travels. */
  CUT,
  /**
   * The node talks to a server that is cut off from the rest: pings are answered, writes and
   * synchronised reads are not, and nothing reaches the ensemble's leader.
   */
  ISOLATED_SERVER
}
