package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;

/**
 * Something about a peer that does not fit together and has lasted; a single lost probe is none.
 *
 * @param sentence for people, and the same for as long as the condition holds
 */
@Immutable
public record PeerCondition(Type type, String sentence) {

  /** The names of what can be wrong between two nodes. */
  public enum Type {
    /** Its coordination session lives, and it does not answer probes. */
    PEER_UNREACHABLE_BUT_REGISTERED("PeerUnreachableButRegistered"),
    /**
     * It answers and says that coordination answers it, and coordination here does not know it or
     * knows another process under its name.
     */
    PEER_REGISTERED_ELSEWHERE("PeerRegisteredElsewhere"),
    /** Its wall clock and ours differ by more than one-time codes and records bear. */
    CLOCK_SKEW("ClockSkew"),
    /** The tunnel to it has not renewed its keys for longer than WireGuard uses them. */
    TUNNEL_STALE("TunnelStale"),
    /** It and we say different things of who leads a gateway. */
    SPLIT_VIEW("SplitView"),
    /** It runs another version. */
    VERSION_SKEW("VersionSkew");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** CamelCase and stable, as in the status and in the history. */
    public String text() {
      return text;
    }

    /** The name under which the history says that it is over. */
    public String overText() {
      return text + "Over";
    }
  }
}
