package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.util.Optional;

/**
 * One IBKR username, on every node.
 *
 * @param relayPort where trading clients connect to, on each node's tunnel address
 * @param programPort where the gateway program listens, on each node's loopback
 * @param maintenanceRegion as the node's configuration takes it, {@code none} by default
 * @param maintenance when IBKR works on its servers, besides
 */
@Immutable
public record Gateway(
    String name,
    Driver driver,
    Mode mode,
    int relayPort,
    int programPort,
    SecondFactor secondFactor,
    SessionPolicy competingSession,
    String maintenanceRegion,
    ImmutableList<Window> maintenance,
    Drill drill,
    Positions positions,
    ClientPortal clientPortal) {
  /** That of IBKR's program as it is delivered. */
  public static final int PROGRAM_PORT_DEFAULT = 5000;

  /** Which program logs in. */
  public enum Driver {
    CLIENT_PORTAL
  }

  /** Which of IBKR's two worlds the username belongs to. */
  public enum Mode {
    LIVE,
    PAPER
  }

  /** How a login proves a second time who it is. */
  public enum SecondFactor {
    TOTP,
    PUSH,
    OPERATOR,
    NONE
  }

  /** What happens when somebody else logs in with the same username. */
  public enum SessionPolicy {
    RETAKE,
    YIELD
  }

  /**
   * A time that comes again each week.
   *
   * @param days {@code Mon} to {@code Sun}
   * @param from {@code HH:MM}
   * @param to {@code HH:MM}, on the next day when it is not after {@code from}
   * @param zone e.g. {@code America/New_York}
   */
  @Immutable
  public record Window(ImmutableList<String> days, String from, String to, String zone) {}

  /**
   * What holds for drills of this gateway.
   *
   * @param rto within which orders must pass again
   * @param timeout after which a drill has failed
   * @param marketHours when no drill begins
   */
  @Immutable
  public record Drill(Duration rto, Duration timeout, ImmutableList<Window> marketHours) {
    public static final Duration TIMEOUT_MIN = Duration.ofMinutes(2);
    public static final Duration TIMEOUT_MAX = Duration.ofHours(2);
    public static final Drill DEFAULT =
        new Drill(Duration.ofMinutes(2), Duration.ofMinutes(15), ImmutableList.of());
  }

  /**
   * What the trading engine expects to hold.
   *
   * @param source {@code none}, {@code json-file}, {@code csv-file} or {@code postgresql}
   * @param settings the keys that go with it, as the node's configuration takes them: {@code path},
   *     {@code url}, {@code query}
   */
  @Immutable
  public record Positions(String source, ImmutableMap<String, String> settings) {}

  /**
   * IBKR's program on a node.
   *
   * @param program the directory that it was unpacked to
   * @param upstream IBKR, or the simulated one
   * @param browser {@code chromium} or {@code htmlunit}
   * @param preSubmitDelay e.g. {@code 5s}; empty for the node's default
   */
  @Immutable
  public record ClientPortal(
      String program, Optional<String> upstream, String browser, Optional<String> preSubmitDelay) {
    public static final String PROGRAM_DEFAULT = "/opt/clientportal.gw";
  }
}
