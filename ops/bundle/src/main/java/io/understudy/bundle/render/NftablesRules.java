package io.understudy.bundle.render;

import com.google.common.base.Joiner;
import java.util.stream.Collectors;

/**
 * {@code firewall.nft}: the table {@code inet understudy}, replaced as a whole in one transaction,
 * so that no moment exists without rules. It leaves all other tables alone.
 */
final class NftablesRules {
  static final String TARGET = "/etc/understudy/firewall.nft";

  private NftablesRules() {}

  static RenderedFile of(Place place) {
    return RenderedFile.open(TARGET, text(place));
  }

  private static String text(Place place) {
    return "#!/usr/sbin/nft -f\n"
        + place.header()
        + """

        # Made first, so that deleting it works the first time too.
        table inet understudy
        delete table inet understudy

        table inet understudy {
          chain input {
            type filter hook input priority filter; policy drop;
            iif "lo" accept
            iifname != { %1$s } ip saddr %2$s drop comment "tunnel addresses from elsewhere"
            iifname != { %1$s } ip daddr %2$s drop comment "tunnel addresses from elsewhere"
            ct state established,related accept
            ct state invalid drop
            icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept
            icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept
            icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
            ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept comment "DHCPv6"
        %3$s    tcp dport 22 accept comment "ssh"
            iifname { %1$s } jump tunnel
          }

          chain tunnel {
        %4$s  }

          chain forward {
            type filter hook forward priority filter; policy drop;
          }

          chain output {
            type filter hook output priority filter; policy accept;
          }
        }
        """
            .formatted(
                Place.INTERFACES.stream()
                    .map(name -> '"' + name + '"')
                    .collect(Collectors.joining(", ")),
                place.cluster().tunnel().subnet(),
                tunnel(place),
                doors(place));
  }

  private static String tunnel(Place place) {
    return place.tunnelPorts().isEmpty()
        ? ""
        : "    udp dport { %s } accept comment \"WireGuard\"\n"
            .formatted(Joiner.on(", ").join(place.tunnelPorts()));
  }

  private static String doors(Place place) {
    StringBuilder text = new StringBuilder();
    for (Firewall.Door door : Firewall.doors(place)) {
      text.append(
          "    ip saddr { %s } %s dport %d accept comment \"%s\"\n"
              .formatted(
                  Joiner.on(", ").join(door.from()), door.protocol(), door.port(), door.purpose()));
    }
    return text.toString();
  }
}
