package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import io.understudy.bundle.authority.Identity;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.authority.TunnelKeys;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Operator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What the authority would hold for {@link Clusters#MAIN}. */
final class Materials {
  private static final TestAuthority API = new TestAuthority("API of main");
  private static final TestAuthority COORDINATION = new TestAuthority("coordination of main");

  /** Outside of a rotation. */
  static final Material STEADY = of(tunnel("wg0", 0, true));

  /** In the middle of one: the new keys are preferred, the old ones still count. */
  static final Material ROTATING = of(tunnel("wg0", 0, false), tunnel("wg1", 1, true));

  private Materials() {}

  /** Another certificate of the same server, as after a rotation. */
  static Identity renewedServer(Host host) {
    return COORDINATION.issue("CN=" + host.id() + ",OU=server,O=main", host.id(), host.address());
  }

  private static Material of(TunnelKeys... tunnels) {
    ImmutableMap.Builder<String, Identity> nodes = ImmutableMap.builder();
    ImmutableMap.Builder<String, Identity> clients = ImmutableMap.builder();
    ImmutableMap.Builder<String, Identity> servers = ImmutableMap.builder();
    for (Host host : Clusters.MAIN.nodes()) {
      nodes.put(
          host.id(), API.issue("CN=" + host.id() + ",OU=node,O=main", host.id(), host.address()));
      clients.put(
          host.id(),
          COORDINATION.issue("CN=nodes,OU=coordination,O=main", host.id(), host.address()));
    }
    for (Host host : Clusters.MAIN.voters()) {
      servers.put(host.id(), renewedServer(host));
    }
    ImmutableMap.Builder<String, Identity> operators = ImmutableMap.builder();
    for (Operator operator : Clusters.MAIN.operators().values()) {
      operators.put(
          operator.name(), API.issue("CN=" + operator.name() + ",OU=operator,O=main", "", ""));
    }
    return new Material(
        ImmutableList.copyOf(tunnels),
        API.certificate(),
        COORDINATION.certificate(),
        nodes.buildOrThrow(),
        clients.buildOrThrow(),
        servers.buildOrThrow(),
        operators.buildOrThrow(),
        ImmutableList.of("1f", "2a"),
        ImmutableMap.of("alpha", 1, "beta", 2, "gamma", 3));
  }

  private static TunnelKeys tunnel(String name, int portOffset, boolean preferred) {
    ImmutableMap.Builder<String, TunnelKeys.HostKey> hosts = ImmutableMap.builder();
    ImmutableMap.Builder<String, String> shared = ImmutableMap.builder();
    ImmutableList<String> ids = ImmutableList.sortedCopyOf(Clusters.MAIN.hosts().keySet());
    for (String id : ids) {
      hosts.put(id, new TunnelKeys.HostKey(key(name, id, "private"), key(name, id, "public")));
      ids.stream()
          .filter(other -> id.compareTo(other) < 0)
          .forEach(other -> shared.put(id + "/" + other, key(name, id, other)));
    }
    return new TunnelKeys(name, portOffset, preferred, hosts.buildOrThrow(), shared.buildOrThrow());
  }

  /** 32 bytes that look like a key. */
  private static String key(String... parts) {
    byte[] bytes =
        Hashing.sha256().hashString(String.join("/", parts), StandardCharsets.UTF_8).asBytes();
    return Base64.getEncoder().encodeToString(bytes);
  }
}
