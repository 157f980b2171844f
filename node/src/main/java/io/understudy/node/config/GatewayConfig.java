package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.CellSettings.CompetingPolicy;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.model.GatewayId;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One gateway: a username, how it logs in, and who may trade through it.
 *
 * @param competingSession what to do when somebody else logs in with the same username
 * @param warmStandby whether the gateway program runs, logged out, on a standby
 * @param maintenance IBKR's windows and the operator's own
 * @param drill how drills are run; whether this node has the means for each is not said here
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record GatewayConfig(
    GatewayId id,
    Driver driver,
    Mode mode,
    Path usernameFile,
    Path passwordFile,
    SecondFactorConfig secondFactor,
    CompetingPolicy competingSession,
    boolean warmStandby,
    Relay relay,
    Timings timings,
    LoginBudget loginBudget,
    HoldDown holdDown,
    ImmutableList<MaintenanceWindow> maintenance,
    DrillSettings drill,
    ClientPortalConfig clientPortal,
    PositionsConfig positions) {

  /** What the core must know of it. */
  public CellSettings cellSettings() {
    return new CellSettings(
        id,
        secondFactor.kind(),
        competingSession,
        warmStandby,
        timings.verify(),
        timings.probeInterval(),
        loginBudget.failuresMax(),
        loginBudget.backoff(),
        loginBudget.clockSkewMax(),
        holdDown.cedesMaxPerHour(),
        maintenance,
        drill);
  }

  /** Which program logs in. */
  public enum Driver {
    CLIENT_PORTAL
  }

  /** Which of IBKR's two worlds the username belongs to. */
  public enum Mode {
    LIVE,
    PAPER
  }

  /** Where trading clients connect to. */
  @Immutable
  public record Relay(HostAndPort listen, int connectionsMax) {
    public static final int CONNECTIONS_MAX_DEFAULT = 64;
  }

  /**
   * How long each step may take.
   *
   * @param start from the start of the program until it answers on its port
   * @param login from opening the login page to its last answer, second factor included
   * @param verify from there until the gateway's own status says that the session is established
   * @param logout of a planned hand-over, until the port is closed
   * @param fence one try to make the gateway harmless by local means; with the relay's closing it
   *     fits into {@code lease.self-fence-lead}
   * @param killGrace between SIGTERM and SIGKILL, within the former and within {@code logout}
   * @param probeInterval between two looks at the gateway
   */
  @Immutable
  public record Timings(
      Duration start,
      Duration login,
      Duration verify,
      Duration logout,
      Duration fence,
      Duration killGrace,
      Duration probeInterval) {
    /** What closing a relay may take of {@code lease.self-fence-lead}. */
    public static final Duration RELAY_SHUT_MAX = Duration.ofMillis(100);

    /** The defaults; those within self-fencing share its lead time. */
    public static Timings within(Duration selfFenceLead) {
      return new Timings(
          Duration.ofSeconds(30),
          Duration.ofSeconds(90),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          selfFenceLead.minus(RELAY_SHUT_MAX),
          selfFenceLead.dividedBy(3),
          Duration.ofSeconds(1));
    }
  }

  /**
   * How often the whole cluster may submit credentials for this username.
   *
   * @param failuresMax failed submissions in a row before an operator must unlock
   * @param backoff pause after the first failure; doubles with each further one
   * @param clockSkewMax a login is refused when IBKR's clock differs more
   */
  @Immutable
  public record LoginBudget(int failuresMax, Duration backoff, Duration clockSkewMax) {
    public static final LoginBudget DEFAULT =
        new LoginBudget(3, Duration.ofSeconds(30), Duration.ofSeconds(10));
  }

  /** How often a leader whose gateway cannot log in may hand over to a standby that says it can. */
  @Immutable
  public record HoldDown(int cedesMaxPerHour) {
    public static final HoldDown DEFAULT = new HoldDown(3);
  }
}
