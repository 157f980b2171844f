package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ZooKeeper servers. A server's id is given once and never to another host, whatever becomes of
 * the cluster file: two hosts that took each other for the same server could both be counted, and
 * two majorities exist side by side.
 *
 * @param ids by host id, of every host that ever voted
 * @param voters tunnel address by host id, of those that were rendered last
 */
@Immutable
record Ensemble(
    ImmutableSortedMap<String, Integer> ids, ImmutableSortedMap<String, String> voters) {
  static final Ensemble NONE = new Ensemble(ImmutableSortedMap.of(), ImmutableSortedMap.of());

  Ensemble {
    if (ImmutableSet.copyOf(ids.values()).size() != ids.size()) {
      throw new IllegalArgumentException("two hosts with one server id");
    }
  }

  Ensemble withId(String host, int id) {
    return new Ensemble(with(ids, host, id), voters);
  }

  Ensemble withVoter(String host, String address) {
    return new Ensemble(ids, with(voters, host, address));
  }

  /**
   * With the voters of the cluster file. New ones get the ids that follow, in the order of {@link
   * ClusterFile#voters}.
   */
  Ensemble of(ClusterFile cluster) {
    Ensemble after = new Ensemble(ids, voters(cluster));
    int last = ids.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (Host voter : cluster.voters()) {
      if (!ids.containsKey(voter.id())) {
        last++;
        after = after.withId(voter.id(), last);
      }
    }
    return after;
  }

  /** Whether servers would have to be told of other ones than they know. */
  boolean changesWith(ClusterFile cluster) {
    return !voters.isEmpty() && !voters.equals(voters(cluster));
  }

  /** Why other voters are not rendered by the way. */
  String refusal(ClusterFile cluster) {
    return "The voting hosts are no longer those that were rendered last (%s; now: %s), and while some ZooKeeper servers know the former ones and some the new ones, two majorities could decide at once: run `understudy pause`, stop understudyd on all nodes and understudy-zookeeper on all former voters, render with --change-voters, install on all hosts, then start ZooKeeper and after it the daemons. See \"Replace or add a voting host\" in docs/cluster-file.md."
        .formatted(described(voters), described(voters(cluster)));
  }

  /** The ids of the cluster's voters, lowest first. */
  ImmutableMap<String, Integer> serverIds() {
    return ids.entrySet().stream()
        .filter(entry -> voters.containsKey(entry.getKey()))
        .sorted(Map.Entry.comparingByValue())
        .collect(ImmutableMap.toImmutableMap(entry -> entry.getKey(), entry -> entry.getValue()));
  }

  private static ImmutableSortedMap<String, String> voters(ClusterFile cluster) {
    return cluster.voters().stream()
        .collect(
            ImmutableSortedMap.toImmutableSortedMap(String::compareTo, Host::id, Host::address));
  }

  private static String described(ImmutableSortedMap<String, String> voters) {
    return voters.entrySet().stream()
        .map(entry -> entry.getKey() + " at " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static <V> ImmutableSortedMap<String, V> with(
      ImmutableSortedMap<String, V> map, String key, V value) {
    TreeMap<String, V> changed = new TreeMap<>(map);
    changed.put(key, value);
    return ImmutableSortedMap.copyOfSorted(changed);
  }
}
