package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.cluster.Alerts.MonitoringPorts;
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
   * @param protocol {@code tcp} or {@code udp}
   * @param from tunnel addresses
   */
  @Immutable
  record Door(String purpose, String protocol, int port, ImmutableList<String> from) {
    static Door tcp(String purpose, int port, ImmutableList<String> from) {
      return new Door(purpose, "tcp", port, from);
    }
  }

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
      doors.add(Door.tcp("API", ports.api(), callers));
      doors.add(Door.tcp("health and metrics", ports.http(), callers));
      doors.add(
          Door.tcp(
              "status page", ports.page(), place.addresses(each -> each == HostRole.OPERATOR)));
      boolean probes = place.cluster().drills().probes();
      for (Gateway gateway : place.cluster().gateways().values()) {
        doors.add(
            Door.tcp(
                "relay of " + gateway.name(),
                gateway.relayPort(),
                place.addresses(
                    each -> each == HostRole.TRADING || (probes && each == HostRole.OPERATOR))));
      }
    }
    if (role.node() && place.cluster().alerts().wanted()) {
      doors.addAll(monitoring(place));
    }
    if (role.votes()) {
      doors.add(Door.tcp("coordination", ports.coordination(), place.addresses(HostRole::node)));
      ImmutableList<String> voters = place.addresses(HostRole::votes);
      doors.add(Door.tcp("quorum", ports.quorum(), voters));
      doors.add(Door.tcp("election", ports.election(), voters));
    }
    String own = place.host().address();
    return doors.build().stream()
        .map(door ->
            new Door(door.purpose(), door.protocol(), door.port(), without(door.from(), own)))
        .filter(door -> !door.from().isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Nodes watch each other and gossip; operators may look at what Prometheus knows. Alertmanager
   * asks nobody who he is, and whoever reaches it can silence an alert: that takes a login on a
   * node.
   */
  private static ImmutableList<Door> monitoring(Place place) {
    MonitoringPorts ports = place.cluster().alerts().ports();
    ImmutableList<String> nodes = place.addresses(HostRole::node);
    ImmutableList<String> lookers =
        place.addresses(each -> each.node() || each == HostRole.OPERATOR);
    return ImmutableList.of(
        Door.tcp("Prometheus", ports.prometheus(), lookers),
        Door.tcp("Alertmanager", ports.alertmanager(), nodes),
        Door.tcp("gossip of Alertmanagers", ports.gossip(), nodes),
        new Door("gossip of Alertmanagers", "udp", ports.gossip(), nodes));
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
