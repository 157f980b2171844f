package io.understudy.node.driver.zookeeper;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach coordination.
 *
 * <p>With TLS, records are readable and writable only for the subject name of the certificate that
 * made them, so the certificates that the cluster's nodes show to ZooKeeper carry the same subject
 * name, each with a key of its own.
 *
 * @param connect host:port of the servers, separated by commas
 * @param clusterName names the root {@code /understudy/CLUSTER}; 1 to 32 of {@code a-z 0-9 -}
 * @param sessionTimeout T; the servers must grant exactly this
 * @param gateways those configured, whose records are made and read
 * @param callTimeout the most that any single call takes
 * @param tls who this node is to the servers; empty: plain TCP and open records, for loopback only
 */
public record ZooKeeperSettings(
    String connect,
    String clusterName,
    Duration sessionTimeout,
    ImmutableList<GatewayId> gateways,
    Duration callTimeout,
    Optional<Reloaded<TlsMaterial>> tls) {
  private static final Pattern CLUSTER_NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  public ZooKeeperSettings {
    if (connect.isBlank()) {
      throw new IllegalArgumentException("connect: empty (expected: host:port,host:port,…)");
    }
    if (!CLUSTER_NAME.matcher(clusterName).matches()) {
      throw new IllegalArgumentException(
          "cluster name '"
              + clusterName
              + "' (expected: 1 to 32 of a-z 0-9 -, beginning with a letter)");
    }
    if (!callTimeout.isPositive() || callTimeout.compareTo(sessionTimeout) > 0) {
      throw new IllegalArgumentException(
          "call timeout: " + callTimeout.toMillis() + "ms (expected: > 0s, at most T)");
    }
  }

  /** With the default call timeout, T/2. */
  public static ZooKeeperSettings of(
      String connect,
      String clusterName,
      Duration sessionTimeout,
      ImmutableList<GatewayId> gateways,
      Optional<Reloaded<TlsMaterial>> tls) {
    return new ZooKeeperSettings(
        connect, clusterName, sessionTimeout, gateways, sessionTimeout.dividedBy(2), tls);
  }
}
