package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;

/**
 * One set of WireGuard keys for the whole cluster, which is one interface on each host. Outside of
 * a rotation there is one; while keys are rotated the old and the new one stand side by side with
 * the same addresses, and routes decide which one carries what a host sends, so that at no moment
 * two hosts cannot talk.
 *
 * @param interfaceName {@code wg0} or {@code wg1}
 * @param portOffset added to the port of each host's endpoint: 0 for wg0, 1 for wg1
 * @param preferred whether routes prefer it; true for exactly one
 * @param hosts by host id
 * @param preSharedKeys by the two host ids, the smaller one first, joined by a slash: {@code
 *     alpha/beta}
 */
@Immutable
public record TunnelKeys(
    String interfaceName,
    int portOffset,
    boolean preferred,
    ImmutableMap<String, HostKey> hosts,
    ImmutableMap<String, String> preSharedKeys) {
  /** A host's key pair, in base64 as {@code wg} writes it. */
  @Immutable
  public record HostKey(String privateKey, String publicKey) {
    @Override
    public String toString() {
      return "HostKey[" + publicKey + "]";
    }
  }

  /** The key that two hosts share besides, in either order of the two. */
  public String preSharedKey(String host, String peer) {
    String pair = pair(host, peer);
    String key = preSharedKeys.get(pair);
    if (key == null) {
      throw new IllegalArgumentException("no pre-shared key for " + pair);
    }
    return key;
  }

  /** What {@link #preSharedKeys} knows two hosts by. */
  static String pair(String host, String peer) {
    return host.compareTo(peer) < 0 ? host + "/" + peer : peer + "/" + host;
  }

  @Override
  public String toString() {
    return "TunnelKeys[" + interfaceName + ", preferred=" + preferred + "]";
  }
}
