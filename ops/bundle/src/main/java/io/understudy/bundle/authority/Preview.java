package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import java.util.Optional;

/**
 * What a command would render, were it to do so now.
 *
 * @param material with keys and certificates that do not exist yet made up; public keys among them
 *     read {@value #MADE_UP}
 * @param made what would be made, e.g. {@code WireGuard key wg0 engine}
 * @param refusal why it would be refused unless voters may change
 */
@Immutable
public record Preview(Material material, ImmutableList<String> made, Optional<String> refusal) {
  public static final String MADE_UP = "(would be made)";

  /** Compares what would be remembered with what is. */
  static Preview of(State before, Kept<Material> drawn, Optional<String> refusal) {
    ImmutableSet<String> keys =
        drawn.state().tunnelKeys().entrySet().stream()
            .filter(entry -> !entry.getValue().equals(State.FORGOTTEN))
            .filter(entry -> !entry.getValue().equals(before.tunnelKeys().get(entry.getKey())))
            .map(entry -> entry.getKey())
            .collect(ImmutableSet.toImmutableSet());
    ImmutableList.Builder<String> made = ImmutableList.builder();
    keys.forEach(
        key -> made.add(key.contains("/") ? "pre-shared key " + key : "WireGuard key " + key));
    drawn.state().issued().stream()
        .filter(each -> !before.knows(each.serial()))
        .forEach(each -> made.add(each.kind().described(each.name())));
    return new Preview(hidden(drawn.value(), keys), made.build(), refusal);
  }

  private static Material hidden(Material material, ImmutableSet<String> keys) {
    return new Material(
        material.tunnels().stream()
            .map(each -> hidden(each, keys))
            .collect(ImmutableList.toImmutableList()),
        material.apiTrust(),
        material.coordinationTrust(),
        material.nodes(),
        material.coordinationClients(),
        material.coordinationServers(),
        material.operators(),
        material.revoked(),
        material.serverIds());
  }

  private static TunnelKeys hidden(TunnelKeys tunnel, ImmutableSet<String> keys) {
    ImmutableMap.Builder<String, TunnelKeys.HostKey> hosts = ImmutableMap.builder();
    tunnel
        .hosts()
        .forEach((host, key) ->
            hosts.put(
                host,
                keys.contains(State.tunnelKey(tunnel.interfaceName(), host))
                    ? new TunnelKeys.HostKey(key.privateKey(), MADE_UP)
                    : key));
    return new TunnelKeys(
        tunnel.interfaceName(),
        tunnel.portOffset(),
        tunnel.preferred(),
        hosts.buildOrThrow(),
        tunnel.preSharedKeys());
  }
}
