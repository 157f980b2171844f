package io.understudy.node.driver.wireguard;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.InetAddresses;
import com.google.common.primitives.Longs;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Per address of a peer, when a tunnel to it last renewed its keys. Made of two tables of {@code
 * wg}, of which neither has a key that is secret; its {@code dump} has. Pure.
 */
record Handshakes(ImmutableMap<InetAddress, Instant> byAddress) {
  /**
   * Puts the two tables together. Lines of another form are passed over. Where two tunnels lead to
   * one address, as while tunnels are rotated, the later handshake counts.
   *
   * @param allowedIps what {@code wg show all allowed-ips} prints: interface, peer, networks
   * @param latestHandshakes what {@code wg show all latest-handshakes} prints: interface, peer,
   *     Unix seconds, 0 for never
   */
  static Handshakes of(String allowedIps, String latestHandshakes) {
    Map<String, Instant> byPeer = new TreeMap<>();
    latestHandshakes
        .lines()
        .map(Handshakes::fields)
        .forEach(fields -> {
          Long seconds = fields.size() == 3 ? Longs.tryParse(fields.get(2)) : null;
          if (seconds != null && seconds > 0) {
            byPeer.put(fields.get(0) + "\t" + fields.get(1), Instant.ofEpochSecond(seconds));
          }
        });
    Map<InetAddress, Instant> byAddress = new HashMap<>();
    allowedIps
        .lines()
        .map(Handshakes::fields)
        .forEach(fields -> {
          Instant at = fields.size() == 3 ? byPeer.get(fields.get(0) + "\t" + fields.get(1)) : null;
          if (at != null) {
            Splitter.on(' ')
                .omitEmptyStrings()
                .splitToStream(fields.get(2))
                .flatMap(network -> host(network).stream())
                .forEach(address -> byAddress.merge(address, at, Handshakes::later));
          }
        });
    return new Handshakes(ImmutableMap.copyOf(byAddress));
  }

  private static List<String> fields(String line) {
    return Splitter.on('\t').splitToList(line);
  }

  private static Instant later(Instant first, Instant second) {
    return first.isAfter(second) ? first : second;
  }

  /** The address of a network that has one only. */
  private static Optional<InetAddress> host(String network) {
    List<String> parts = Splitter.on('/').splitToList(network);
    if (parts.size() != 2 || !InetAddresses.isInetAddress(parts.get(0))) {
      return Optional.empty();
    }
    InetAddress address = InetAddresses.forString(parts.get(0));
    return parts.get(1).equals(Integer.toString(address.getAddress().length * Byte.SIZE))
        ? Optional.of(address)
        : Optional.empty();
  }

  Optional<Instant> of(InetAddress peer) {
    return Optional.ofNullable(byAddress.get(peer));
  }
}
