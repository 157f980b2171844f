package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.cluster.Ports;

/**
 * What may come in through the tunnel: a port, for what, and from whom. Everything else that a host
 * takes is WireGuard and ssh; {@link NftablesRules} and {@link UfwRules} write it down.
 */
final class Firewall {
  private Firewall() {}

  /**
   * A door of the tunnel.
   *
   * @param purpose a word or two
   * @param from tunnel addresses
   */
  @Immutable
  record Door(String purpose, int port, ImmutableList<String> from) {}

  /**
   * The doors of a host. A host's connections to itself run over the loopback device and need none.
   */
  static ImmutableList<Door> doors(Place place) {
    ImmutableList.Builder<Door> doors = ImmutableList.builder();
    HostRole role = place.host().role();
    Ports ports = place.cluster().ports();
    if (role.node()) {
      ImmutableList<String> callers =
          place.addresses(each -> each.node() || each == HostRole.OPERATOR);
      doors.add(new Door("API", ports.api(), callers));
      doors.add(new Door("health and metrics", ports.http(), callers));
      for (Gateway gateway : place.cluster().gateways().values()) {
        doors.add(
            new Door(
                "relay of " + gateway.name(),
                gateway.relayPort(),
                place.addresses(each -> each == HostRole.TRADING)));
      }
    }
    if (role.votes()) {
      doors.add(new Door("coordination", ports.coordination(), place.addresses(HostRole::node)));
      ImmutableList<String> voters = place.addresses(HostRole::votes);
      doors.add(new Door("quorum", ports.quorum(), voters));
      doors.add(new Door("election", ports.election(), voters));
    }
    String own = place.host().address();
    return doors.build().stream()
        .map(door -> new Door(door.purpose(), door.port(), without(door.from(), own)))
        .filter(door -> !door.from().isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  /** Both variants; {@code install.sh} puts one of them into force. */
  static ImmutableList<RenderedFile> of(Place place) {
    return ImmutableList.of(NftablesRules.of(place), UfwRules.of(place));
  }

  private static ImmutableList<String> without(ImmutableList<String> addresses, String own) {
    return addresses.stream()
        .filter(address -> !address.equals(own))
        .collect(ImmutableList.toImmutableList());
  }
}
