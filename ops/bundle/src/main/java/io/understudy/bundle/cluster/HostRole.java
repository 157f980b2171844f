package io.understudy.bundle.cluster;

/** What a host is for. */
public enum HostRole {
  /** Runs a node and a ZooKeeper server; the node that should lead when both can. */
  PRIMARY,
  /** Runs a node and a ZooKeeper server. */
  STANDBY,
  /** Runs a ZooKeeper server alone, which votes. */
  WITNESS,
  /** Runs the command line: where operators sit. */
  OPERATOR,
  /** Runs a trading engine: reaches the relays through the tunnel, and nothing else. */
  TRADING;

  /** Whether the daemon and gateways run there. */
  public boolean node() {
    return this == PRIMARY || this == STANDBY;
  }

  /** Whether a ZooKeeper server runs there. */
  public boolean votes() {
    return node() || this == WITNESS;
  }
}
