package io.understudy.node.config;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach the cluster's memory.
 *
 * @param connect the ZooKeeper servers, {@code host:port,host:port}
 * @param sessionTimeout T; a negotiated value that differs stops the start
 * @param startTimeout how long the daemon waits for its first session before it gives up
 * @param tls empty: plain connections
 */
@Immutable
public record CoordinationConfig(
    String connect, Duration sessionTimeout, Duration startTimeout, Optional<TlsFiles> tls) {
  public static final Duration SESSION_TIMEOUT_DEFAULT = Duration.ofSeconds(6);
  public static final Duration START_TIMEOUT_DEFAULT = Duration.ofSeconds(15);
}
