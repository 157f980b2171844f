package io.understudy.node.core.drill;

/** Which failover is practised. */
public enum DrillKind {
  /** A planned hand-over to a standby. */
  SWITCHOVER("switchover"),
  /** The leader kills its own process group. */
  CRASH("crash"),
  /** The leader is cut off from the tunnel for a while. */
  PARTITION("partition"),
  /** The leader kills its gateway program. */
  GATEWAY_CRASH("gateway-crash"),
  /** The leader logs out and in again. */
  LOGIN_ONLY("login-only");

  private final String word;

  DrillKind(String word) {
    this.word = word;
  }

  /** As people write it. */
  public String word() {
    return word;
  }

  /** Whether the leader harms itself, instead of doing what an operator could ask for. */
  public boolean injected() {
    return switch (this) {
      case CRASH, PARTITION, GATEWAY_CRASH -> true;
      case SWITCHOVER, LOGIN_ONLY -> false;
    };
  }

  /** Whether another node is to lead afterwards. */
  public boolean takenOver() {
    return switch (this) {
      case SWITCHOVER, CRASH, PARTITION -> true;
      case GATEWAY_CRASH, LOGIN_ONLY -> false;
    };
  }

  /** Whether the coordination session of the node that led is expected to end. */
  public boolean silences() {
    return switch (this) {
      case CRASH, PARTITION -> true;
      case SWITCHOVER, GATEWAY_CRASH, LOGIN_ONLY -> false;
    };
  }
}
