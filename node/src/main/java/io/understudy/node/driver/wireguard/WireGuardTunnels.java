package io.understudy.node.driver.wireguard;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.understudy.node.core.peers.TunnelSight;
import io.understudy.node.spi.Tunnels;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at WireGuard's tables every ten seconds at most. A host without the program, or a daemon
 * that the kernel does not show its tunnels, is asked again after a minute only; where it was shown
 * them before, after half a minute. One line says why nothing is known.
 */
public final class WireGuardTunnels implements Tunnels {
  private static final Logger LOG = LoggerFactory.getLogger(WireGuardTunnels.class);
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration KEPT_AFTER_FAILURE = Duration.ofSeconds(30);
  private static final Duration KEPT_WHERE_NEVER_SHOWN = Duration.ofMinutes(1);

  private final WireGuardTables tables;
  private final LongSupplier nanoTime;
  private Optional<Handshakes> latest = Optional.empty();
  private boolean everShown;
  private long nextLook;

  /** Reads the time from {@code nanoTime}. */
  WireGuardTunnels(WireGuardTables tables, LongSupplier nanoTime) {
    this.tables = tables;
    this.nanoTime = nanoTime;
    nextLook = nanoTime.getAsLong();
  }

  /** Looks through {@code program}, a name or a path. */
  public static WireGuardTunnels through(String program) {
    return new WireGuardTunnels(new WireGuardProgram(program), System::nanoTime);
  }

  /** Looks through root's part of the host. */
  public static WireGuardTunnels through(TunnelSocket socket) {
    return new WireGuardTunnels(socket, System::nanoTime);
  }

  @Override
  public TunnelSight lastHandshake(String address) {
    Optional<Handshakes> shown = current();
    if (shown.isEmpty()) {
      return new TunnelSight.Unreadable();
    }
    String host = HostAndPort.fromString(address).getHost();
    Optional<Instant> at =
        InetAddresses.isInetAddress(host)
            ? shown.get().of(InetAddresses.forString(host))
            : Optional.empty();
    return at.isPresent() ? new TunnelSight.Handshake(at.get()) : new TunnelSight.NoHandshake();
  }

  private synchronized Optional<Handshakes> current() {
    if (nanoTime.getAsLong() - nextLook >= 0) {
      Duration kept = KEPT;
      try {
        latest =
            Optional.of(
                Handshakes.of(tables.shown("allowed-ips"), tables.shown("latest-handshakes")));
        everShown = true;
      } catch (IOException e) {
        latest = Optional.empty();
        kept = everShown ? KEPT_AFTER_FAILURE : KEPT_WHERE_NEVER_SHOWN;
        LOG.debug("Could not read the tunnels' handshakes reason=\"{}\"", e.getMessage());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        latest = Optional.empty();
      }
      nextLook = nanoTime.getAsLong() + kept.toNanos();
    }
    return latest;
  }
}
