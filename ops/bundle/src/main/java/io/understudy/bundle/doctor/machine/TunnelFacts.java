package io.understudy.bundle.doctor.machine;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A WireGuard interface as it is. The private and pre-shared keys, which {@code wg} prints along,
 * are dropped while reading.
 */
@Immutable
public record TunnelFacts(
    String name, String publicKey, int listenPort, ImmutableList<PeerFacts> peers) {
  private static final int INTERFACE_FIELDS = 5;
  private static final int PEER_FIELDS = 9;
  private static final String NONE = "(none)";

  /**
   * One of its peers.
   *
   * @param endpoint where it was heard last, or is expected; empty when unknown
   * @param handshake of the last one, seconds since 1970; 0 when there was none
   */
  @Immutable
  public record PeerFacts(String publicKey, String endpoint, long handshake) {}

  /** Reads what {@code wg show all dump} prints; lines of another form are passed over. */
  public static ImmutableList<TunnelFacts> parse(String dump) {
    Map<String, List<String>> interfaces = new LinkedHashMap<>();
    Map<String, ImmutableList.Builder<PeerFacts>> peers = new LinkedHashMap<>();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(dump)) {
      List<String> fields = Splitter.on('\t').splitToList(line);
      if (fields.size() == INTERFACE_FIELDS) {
        interfaces.put(fields.getFirst(), fields);
        peers.put(fields.getFirst(), ImmutableList.builder());
      } else if (fields.size() == PEER_FIELDS && peers.containsKey(fields.getFirst())) {
        String endpoint = fields.get(3);
        peers
            .get(fields.getFirst())
            .add(
                new PeerFacts(
                    fields.get(1), endpoint.equals(NONE) ? "" : endpoint, number(fields.get(5))));
      }
    }
    List<TunnelFacts> found = new ArrayList<>();
    interfaces.forEach((name, fields) ->
        found.add(
            new TunnelFacts(
                name,
                fields.get(2),
                Math.toIntExact(number(fields.get(3))),
                peers.getOrDefault(name, ImmutableList.builder()).build())));
    return ImmutableList.copyOf(found);
  }

  private static long number(String digits) {
    return digits.chars().allMatch(Character::isDigit) ? Long.parseLong("0" + digits) : 0;
  }
}
