package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.ImmutableTable;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.cluster.ClusterFile;
import java.time.Instant;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the authority remembers besides the keys themselves; none of it is secret.
 *
 * @param tunnelKeys public keys of hosts and fingerprints of pre-shared keys, by {@link
 *     #tunnelKey}: a key that was given out is never made anew because its file is missing, and one
 *     that is {@link #FORGOTTEN} is not used though its file may be there
 * @param issued every certificate that may have been given out
 * @param operators those whose stage is not STEADY
 * @param revoked serials that count no longer, for good
 */
@Immutable
record State(
    String cluster,
    Tunnels tunnels,
    Authorities authorities,
    ImmutableSortedMap<String, String> tunnelKeys,
    ImmutableList<Issued> issued,
    ImmutableSortedMap<String, OperatorStage> operators,
    ImmutableSortedSet<String> revoked,
    Ensemble ensemble) {
  /** In place of a fingerprint: the key belonged to somebody who left, and is never used again. */
  static final String FORGOTTEN = "forgotten";

  /** The one or two interfaces of each host. */
  @Immutable
  record Tunnels(TunnelStage stage, String current) {
    static final String FIRST = "wg0";
    static final String SECOND = "wg1";

    String other() {
      return current.equals(FIRST) ? SECOND : FIRST;
    }

    ImmutableList<String> interfaces() {
      return switch (stage) {
        case STEADY -> ImmutableList.of(current);
        case INTRODUCED, PREFERRED -> ImmutableList.of(FIRST, SECOND);
      };
    }

    String preferred() {
      return switch (stage) {
        case STEADY, INTRODUCED -> current;
        case PREFERRED -> other();
      };
    }

    /** Throws when the signal makes no sense now. */
    Tunnels after(Signal signal) {
      TunnelStage next = stage.on(signal).stageOrThrow();
      boolean turned = stage == TunnelStage.PREFERRED && next == TunnelStage.STEADY;
      return new Tunnels(next, turned ? other() : current);
    }
  }

  /** The one or two generations of both authorities. */
  @Immutable
  record Authorities(AuthorityStage stage, int current) {
    ImmutableList<Integer> trusted() {
      return switch (stage) {
        case STEADY -> ImmutableList.of(current);
        case TRUSTED, ISSUED -> ImmutableList.of(current, current + 1);
      };
    }

    int issuing() {
      return switch (stage) {
        case STEADY, TRUSTED -> current;
        case ISSUED -> current + 1;
      };
    }

    /** Throws when the signal makes no sense now. */
    Authorities after(Signal signal) {
      AuthorityStage next = stage.on(signal).stageOrThrow();
      boolean turned = stage == AuthorityStage.ISSUED && next == AuthorityStage.STEADY;
      return new Authorities(next, turned ? current + 1 : current);
    }
  }

  /** A certificate that may have been given out. */
  @Immutable
  record Issued(int generation, Kind kind, String name, String serial, Instant until) {}

  static State initial(String cluster) {
    return new State(
        cluster,
        new Tunnels(TunnelStage.STEADY, Tunnels.FIRST),
        new Authorities(AuthorityStage.STEADY, 1),
        ImmutableSortedMap.of(),
        ImmutableList.of(),
        ImmutableSortedMap.of(),
        ImmutableSortedSet.of(),
        Ensemble.NONE);
  }

  /** What a key of a host or of a pair is known by. */
  static String tunnelKey(String interfaceName, String owner) {
    return interfaceName + " " + owner;
  }

  OperatorStage operator(String name) {
    return operators.getOrDefault(name, OperatorStage.STEADY);
  }

  boolean knows(String serial) {
    return issued.stream().anyMatch(each -> each.serial().equals(serial));
  }

  /** Whether a certificate of that kind and name was given out by that generation. */
  boolean hasIssued(int generation, Kind kind, String name) {
    return issuedTo(generation, kind, name).findAny().isPresent();
  }

  /**
   * Whether that generation gave out certificates of that kind and name, and none of them counts.
   */
  boolean hasRevoked(int generation, Kind kind, String name) {
    return hasIssued(generation, kind, name)
        && issuedTo(generation, kind, name).allMatch(each -> revoked.contains(each.serial()));
  }

  private Stream<Issued> issuedTo(int generation, Kind kind, String name) {
    return issued.stream()
        .filter(each ->
            each.generation() == generation && each.kind() == kind && each.name().equals(name));
  }

  /** The revoked serials that the API's authorities issued, all that nodes have to know. */
  ImmutableList<String> revokedAtApi() {
    ImmutableSet<String> coordination =
        issued.stream()
            .filter(each -> each.kind().scope() == Scope.COORDINATION)
            .map(Issued::serial)
            .collect(ImmutableSet.toImmutableSet());
    return revoked.stream()
        .filter(serial -> !coordination.contains(serial))
        .collect(ImmutableList.toImmutableList());
  }

  /** With the certificates and keys of those who left revoked and forgotten for good. */
  State withoutThoseWhoLeft(ClusterFile cluster) {
    ImmutableTable<Kind, String, Leaf> wanted =
        Leaf.of(cluster).stream()
            .collect(ImmutableTable.toImmutableTable(Leaf::kind, Leaf::name, leaf -> leaf));
    State after =
        withRevoked(
            issued.stream()
                .filter(each -> !wanted.contains(each.kind(), each.name()))
                .map(Issued::serial)
                .toList());
    ImmutableSet<String> owners = TunnelStore.owners(cluster);
    for (String key : tunnelKeys.keySet()) {
      if (!owners.contains(key.substring(key.indexOf(' ') + 1))) {
        after = after.withTunnelKey(key, FORGOTTEN);
      }
    }
    return after;
  }

  /** Whether a key was given out to somebody who is still there. */
  boolean remembers(String tunnelKey) {
    return tunnelKeys.containsKey(tunnelKey) && !hasForgotten(tunnelKey);
  }

  boolean hasForgotten(String tunnelKey) {
    return FORGOTTEN.equals(tunnelKeys.get(tunnelKey));
  }

  /** The serials of all certificates of an operator. */
  ImmutableSet<String> serialsOf(String operator) {
    return issued.stream()
        .filter(each -> each.kind() == Kind.OPERATOR && each.name().equals(operator))
        .map(Issued::serial)
        .collect(ImmutableSet.toImmutableSet());
  }

  State with(Tunnels changed) {
    return new State(
        cluster, changed, authorities, tunnelKeys, issued, operators, revoked, ensemble);
  }

  State with(Authorities changed) {
    return new State(cluster, tunnels, changed, tunnelKeys, issued, operators, revoked, ensemble);
  }

  State with(Ensemble changed) {
    return new State(
        cluster, tunnels, authorities, tunnelKeys, issued, operators, revoked, changed);
  }

  State withTunnelKey(String key, String fingerprint) {
    return withTunnelKeys(with(tunnelKeys, key, fingerprint));
  }

  /** Without the keys of an interface. */
  State withoutTunnelKeys(String interfaceName) {
    return withTunnelKeys(
        tunnelKeys.entrySet().stream()
            .filter(entry -> !entry.getKey().startsWith(interfaceName + " "))
            .collect(
                ImmutableSortedMap.toImmutableSortedMap(
                    String::compareTo, entry -> entry.getKey(), entry -> entry.getValue())));
  }

  State with(Issued added) {
    return new State(
        cluster,
        tunnels,
        authorities,
        tunnelKeys,
        ImmutableList.<Issued>builder().addAll(issued).add(added).build(),
        operators,
        revoked,
        ensemble);
  }

  State withOperator(String name, OperatorStage stage) {
    return new State(
        cluster,
        tunnels,
        authorities,
        tunnelKeys,
        issued,
        with(operators, name, stage),
        revoked,
        ensemble);
  }

  State withRevoked(Iterable<String> serials) {
    ImmutableSortedSet<String> changed =
        ImmutableSortedSet.<String>naturalOrder().addAll(revoked).addAll(serials).build();
    return new State(
        cluster, tunnels, authorities, tunnelKeys, issued, operators, changed, ensemble);
  }

  private State withTunnelKeys(ImmutableSortedMap<String, String> changed) {
    return new State(cluster, tunnels, authorities, changed, issued, operators, revoked, ensemble);
  }

  private static <V> ImmutableSortedMap<String, V> with(
      ImmutableSortedMap<String, V> map, String key, V value) {
    TreeMap<String, V> changed = new TreeMap<>(map);
    changed.put(key, value);
    return ImmutableSortedMap.copyOfSorted(changed);
  }
}
