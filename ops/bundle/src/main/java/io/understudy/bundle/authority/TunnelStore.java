package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The tunnel's keys: {@code tunnel/INTERFACE/hosts/HOST.key}, {@code pairs/HOST.HOST.key}. */
final class TunnelStore {
  private final Shelf folder;

  TunnelStore(Shelf folder) {
    this.folder = folder;
  }

  /** What an interface needs, made where it never existed; and the state that remembers it. */
  Kept<TunnelKeys> keys(State before, String interfaceName, ClusterFile cluster) {
    State state = before;
    ImmutableMap.Builder<String, TunnelKeys.HostKey> hosts = ImmutableMap.builder();
    for (Host host : cluster.hosts().values()) {
      String owner = State.tunnelKey(interfaceName, host.id());
      String file = folderOf(interfaceName) + "/hosts/" + host.id() + ".key";
      TunnelKeys.HostKey key =
          kept(state, owner, file)
              .map(text -> hostKey(file, text))
              .orElseGet(WireGuardKeys::newHostKey);
      state = remembered(state, owner, file, key.privateKey(), key.publicKey());
      hosts.put(host.id(), key);
    }
    ImmutableMap.Builder<String, String> preShared = ImmutableMap.builder();
    for (String pair : pairs(cluster)) {
      String owner = State.tunnelKey(interfaceName, pair);
      String file = folderOf(interfaceName) + "/pairs/" + pair.replace('/', '.') + ".key";
      String key =
          kept(state, owner, file)
              .map(text -> preSharedKey(file, text))
              .orElseGet(WireGuardKeys::newPreSharedKey);
      state = remembered(state, owner, file, key, fingerprint(key));
      preShared.put(pair, key);
    }
    TunnelKeys keys =
        new TunnelKeys(
            interfaceName,
            interfaceName.equals(State.Tunnels.FIRST) ? 0 : 1,
            interfaceName.equals(state.tunnels().preferred()),
            hosts.buildOrThrow(),
            preShared.buildOrThrow());
    return new Kept<>(state, keys);
  }

  void delete(String interfaceName) {
    folder.delete(folderOf(interfaceName));
  }

  /** All hosts, and the pairs that talk. */
  static ImmutableSet<String> owners(ClusterFile cluster) {
    return ImmutableSet.<String>builder()
        .addAll(cluster.hosts().keySet())
        .addAll(pairs(cluster))
        .build();
  }

  /** Each node talks to every host; the others talk to nodes alone. */
  private static Iterable<String> pairs(ClusterFile cluster) {
    return cluster.nodes().stream()
        .flatMap(node ->
            cluster.hosts().keySet().stream()
                .filter(host -> !host.equals(node.id()))
                .map(host -> TunnelKeys.pair(node.id(), host)))
        .distinct()
        .sorted()
        .toList();
  }

  private Optional<String> kept(State state, String owner, String file) {
    if (state.hasForgotten(owner)) {
      return Optional.empty();
    }
    Optional<String> text = folder.read(file);
    if (text.isEmpty() && state.tunnelKeys().containsKey(owner)) {
      throw new AuthorityException(
          "%s is missing, and hosts use the key that it held: restore it from a backup. If there is none, delete the line 'key %s …' of %s: then a new key is made, and the tunnel is down for its owner until every host has its new bundle."
              .formatted(folder.path(file), owner, folder.path("state")));
    }
    return text;
  }

  private State remembered(
      State state, String owner, String file, String secret, String fingerprint) {
    if (state.remembers(owner)) {
      if (!fingerprint.equals(state.tunnelKeys().get(owner))) {
        throw damaged(file, "it is not the key that was given out");
      }
      return state;
    }
    if (state.hasForgotten(owner) || folder.read(file).isEmpty()) {
      folder.write(file, secret + "\n");
    }
    return state.withTunnelKey(owner, fingerprint);
  }

  private TunnelKeys.HostKey hostKey(String file, String text) {
    try {
      return WireGuardKeys.hostKey(text.strip());
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private String preSharedKey(String file, String text) {
    try {
      return WireGuardKeys.checked(text.strip());
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private AuthorityException damaged(String file, String why) {
    return new AuthorityException(
        "%s holds no usable key (%s): restore it from a backup.".formatted(folder.path(file), why));
  }

  private static String folderOf(String interfaceName) {
    return "tunnel/" + interfaceName;
  }

  /** Tells whether a key is the same, without telling the key. */
  private static String fingerprint(String key) {
    byte[] hash = Hashing.sha256().hashString(key, StandardCharsets.US_ASCII).asBytes();
    return BaseEncoding.base16().lowerCase().encode(hash, 0, 8);
  }
}
