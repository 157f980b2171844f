package io.understudy.node.sim;

/** How a node reaches the ensemble. */
enum Link {
  UP(true, true),
  /** The node reaches no server. What its server has heard before still travels. */
  CUT(false, false),
  /** One way: the node's requests and pings arrive, no answer comes back. */
  DEAF(true, false),
  /** One way: nothing that the node sends arrives; what servers send does. */
  MUTE(false, true),
  /**
   * The node talks to a server that is cut off from the rest: pings are answered, writes and
   * synchronised reads are not, and nothing reaches the ensemble's leader.
   */
  ISOLATED_SERVER(true, true);

  private final boolean sends;
  private final boolean hears;

  Link(boolean sends, boolean hears) {
    this.sends = sends;
    this.hears = hears;
  }

  /** What the node sends reaches its server. */
  boolean sends() {
    return sends;
  }

  /** What its server sends reaches the node. */
  boolean hears() {
    return hears;
  }
}
