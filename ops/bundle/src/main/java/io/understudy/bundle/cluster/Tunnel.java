package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;

/**
 * The WireGuard network between the hosts.
 *
 * @param subnet IPv4, e.g. {@code 10.77.0.0/24}
 * @param keepalive 10 s at least: low equal values on both ends can keep a tunnel down for ever
 * @param mtu bytes, 1280 to 9000
 */
@Immutable
public record Tunnel(Subnet subnet, Duration keepalive, int mtu) {
  public static final Duration KEEPALIVE_DEFAULT = Duration.ofSeconds(25);
  public static final Duration KEEPALIVE_MIN = Duration.ofSeconds(10);
  public static final Duration KEEPALIVE_MAX = Duration.ofMinutes(2);
  public static final int MTU_DEFAULT = 1420;

  /** What IPv6 asks of every link. */
  public static final int MTU_MIN = 1280;

  public static final int MTU_MAX = 9000;
  public static final int PORT_DEFAULT = 51820;
}
