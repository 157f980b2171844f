package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.settings.ConfigException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A cluster as its file describes it, checked: names and addresses are unique and within the
 * tunnel's subnet, the number of voters is odd, ports do not clash. Maps keep the file's order.
 *
 * @param hosts by id
 * @param gateways by name
 * @param operators by name
 */
@Immutable
public record ClusterFile(
    String name,
    Tunnel tunnel,
    ImmutableMap<String, Host> hosts,
    Ports ports,
    Timings timings,
    ImmutableMap<String, Gateway> gateways,
    ImmutableMap<String, Operator> operators,
    Alerts alerts,
    Log log,
    Drills drills) {

  /**
   * Reads and checks a cluster file. Changes nothing.
   *
   * @throws ConfigException with every problem at once
   */
  public static ClusterFile load(Path file) throws ConfigException {
    return ClusterFileReader.load(file);
  }

  /** The hosts that run the daemon. */
  public ImmutableList<Host> nodes() {
    return hosts(host -> host.role().node());
  }

  /**
   * The hosts that run a ZooKeeper server, witnesses last. In this order the authority gives new
   * ones their server ids: the witness's is the highest at first, so that the ensemble's leader
   * tends to live there.
   */
  public ImmutableList<Host> voters() {
    return ImmutableList.<Host>builder()
        .addAll(nodes())
        .addAll(hosts(host -> host.role() == HostRole.WITNESS))
        .build();
  }

  /**
   * The hosts that it has a tunnel to, in the file's order: nodes have one to every host, all
   * others only to the nodes.
   */
  public ImmutableList<Host> peersOf(Host host) {
    return hosts(
        other -> !other.id().equals(host.id()) && (host.role().node() || other.role().node()));
  }

  /** The operators whose certificates belong on that host. */
  public ImmutableList<Operator> operatorsAt(Host host) {
    return operators.values().stream()
        .filter(operator -> operator.host().equals(host.id()))
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<Host> hosts(Predicate<Host> wanted) {
    return hosts.values().stream().filter(wanted).collect(ImmutableList.toImmutableList());
  }
}
