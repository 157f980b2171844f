package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.settings.ConfigException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Everything that one node is told.
 *
 * @param cluster the cluster's name; coordination data lives under it
 * @param stateDirectory absolute; private to the daemon's user
 * @param tunnelSocket where root's part of the host answers what concerns the tunnels; empty: there
 *     is none
 * @param supervision who starts the daemon again when it is killed
 * @param page the status page; empty: there is none
 * @param gateways by id, in the order of the file; at least one
 * @param effective every key with the value in effect, as {@link #describe} prints it
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record NodeConfig(
    String cluster,
    NodeId node,
    Path stateDirectory,
    Optional<Path> tunnelSocket,
    Supervision supervision,
    CoordinationConfig coordination,
    LeaseTimings lease,
    ApiConfig api,
    HttpConfig http,
    LogConfig log,
    Optional<PageConfig> page,
    ImmutableMap<GatewayId, GatewayConfig> gateways,
    ImmutableMap<String, String> effective) {

  /**
   * Reads and checks a configuration file, with all files that it names. Changes nothing.
   *
   * @throws ConfigException with every problem at once
   */
  public static NodeConfig load(Path file) throws ConfigException {
    return NodeConfigReader.load(file, Clock.systemUTC());
  }

  /**
   * The values in effect, one {@code key=value} a line; secrets appear as the name of their file.
   */
  public ImmutableList<String> describe() {
    return effective.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(ImmutableList.toImmutableList());
  }
}
