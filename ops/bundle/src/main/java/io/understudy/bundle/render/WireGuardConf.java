package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import io.understudy.bundle.authority.TunnelKeys;
import io.understudy.bundle.cluster.Host;

/**
 * {@code /etc/wireguard/wgN.conf}, for {@code wg-quick}: one for each set of keys, with the peers
 * that this host needs and no others.
 *
 * <p>{@code Table = off}, and a route for each peer with a metric: while keys are rotated two
 * interfaces have the same addresses, the metric says which one carries what the host sends, and
 * both take what comes. {@code wg-quick}'s own routes have no metric and would collide. The routes
 * go with their interface, so nothing takes them away.
 *
 * <p>Answers may then come in by the interface that this host does not send by, which a strict
 * reverse path filter (ufw sets one) would drop: the interface's own filter is set to loose. The
 * firewall refuses tunnel addresses on all other interfaces.
 */
final class WireGuardConf {
  private static final int PREFERRED_METRIC = 100;
  private static final int OTHER_METRIC = 200;

  private WireGuardConf() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return place.tunnels().stream()
        .map(keys ->
            RenderedFile.secret(
                "/etc/wireguard/" + keys.interfaceName() + ".conf", text(place, keys), "root"))
        .collect(ImmutableList.toImmutableList());
  }

  private static String text(Place place, TunnelKeys keys) {
    StringBuilder text = new StringBuilder(place.header());
    text.append(ownEnd(place, keys));
    for (Host peer : place.cluster().peersOf(place.host())) {
      text.append(peer(place, keys, peer));
    }
    return text.toString();
  }

  private static String ownEnd(Place place, TunnelKeys keys) {
    Host host = place.host();
    StringBuilder text = new StringBuilder();
    text.append("[Interface]\n");
    text.append("PrivateKey = %s\n".formatted(key(keys, host).privateKey()));
    text.append("Address = %s/32\n".formatted(host.address()));
    host.endpoint()
        .ifPresent(endpoint ->
            text.append("ListenPort = %d\n".formatted(endpoint.getPort() + keys.portOffset())));
    text.append("MTU = %d\n".formatted(place.cluster().tunnel().mtu()));
    text.append("Table = off\n");
    text.append("SaveConfig = false\n");
    text.append("PostUp = echo 2 >/proc/sys/net/ipv4/conf/%i/rp_filter || true\n");
    for (Host peer : place.cluster().peersOf(host)) {
      text.append(
          "PostUp = ip route replace %s/32 dev %%i metric %d src %s\n"
              .formatted(
                  peer.address(),
                  keys.preferred() ? PREFERRED_METRIC : OTHER_METRIC,
                  host.address()));
    }
    return text.toString();
  }

  private static String peer(Place place, TunnelKeys keys, Host peer) {
    StringBuilder text = new StringBuilder();
    text.append("\n# %s\n[Peer]\n".formatted(peer.id()));
    text.append("PublicKey = %s\n".formatted(key(keys, peer).publicKey()));
    text.append("PresharedKey = %s\n".formatted(keys.preSharedKey(place.host().id(), peer.id())));
    text.append("AllowedIPs = %s/32\n".formatted(peer.address()));
    peer.endpoint()
        .map(at -> HostAndPort.fromParts(at.getHost(), at.getPort() + keys.portOffset()))
        .ifPresent(endpoint -> text.append("Endpoint = %s\n".formatted(endpoint)));
    text.append(
        "PersistentKeepalive = %d\n".formatted(place.cluster().tunnel().keepalive().toSeconds()));
    return text.toString();
  }

  private static TunnelKeys.HostKey key(TunnelKeys keys, Host host) {
    TunnelKeys.HostKey key = keys.hosts().get(host.id());
    if (key == null) {
      throw new IllegalArgumentException(
          "the authority has no key of " + keys.interfaceName() + " for " + host.id());
    }
    return key;
  }
}
