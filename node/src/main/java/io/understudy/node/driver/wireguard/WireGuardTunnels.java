package io.understudy.node.driver.wireguard;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.understudy.node.spi.Tunnels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks {@code wg} every ten seconds at most. A host without the program, or a daemon that the
 * kernel does not show its tunnels, is asked again after some minutes only; one line says why
 * nothing is known.
 */
public final class WireGuardTunnels implements Tunnels {
  private static final Logger LOG = LoggerFactory.getLogger(WireGuardTunnels.class);
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration KEPT_AFTER_FAILURE = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int OUTPUT_MAX = 1 << 20;

  private final String program;
  private Handshakes latest = Handshakes.NONE;
  private long nextLook = System.nanoTime();

  private WireGuardTunnels(String program) {
    this.program = program;
  }

  /** Looks through {@code program}, a name or a path. */
  public static WireGuardTunnels through(String program) {
    return new WireGuardTunnels(program);
  }

  @Override
  public Optional<Instant> lastHandshake(String address) {
    String host = HostAndPort.fromString(address).getHost();
    return InetAddresses.isInetAddress(host)
        ? current().of(InetAddresses.forString(host))
        : Optional.empty();
  }

  private synchronized Handshakes current() {
    if (System.nanoTime() - nextLook >= 0) {
      Duration kept = KEPT;
      try {
        latest = Handshakes.of(shown("allowed-ips"), shown("latest-handshakes"));
      } catch (IOException e) {
        latest = Handshakes.NONE;
        kept = KEPT_AFTER_FAILURE;
        LOG.debug("Could not read the tunnels' handshakes reason=\"{}\"", e.getMessage());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        latest = Handshakes.NONE;
      }
      nextLook = System.nanoTime() + kept.toNanos();
    }
    return latest;
  }

  private String shown(String table) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(program, "show", "all", table)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(program + " did not end in time");
      }
      if (process.exitValue() != 0) {
        throw new IOException(program + " show is refused: it needs CAP_NET_ADMIN");
      }
      try (InputStream out = process.getInputStream()) {
        return new String(out.readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8);
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
