package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import java.time.Duration;

/**
 * How one cell is to be run.
 *
 * @param warm whether the gateway program runs (logged out) on a standby
 * @param verifyTimeout how long after a login the session may take to be established
 * @param probeInterval between two looks at the gateway
 * @param failuresMax failed submissions in a row before logins are locked, 1 to 9 (IBKR locks at
 *     10)
 * @param backoff after the first failed submission; doubles with each
 * @param clockSkewMax largest difference to the broker's clock at which a one-time code may be
 *     submitted
 * @param cedesPerHourMax how often an unhealthy leader hands over by itself
 * @param drill how drills are run
 */
@Immutable
public record CellSettings(
    GatewayId gateway,
    SecondFactorKind secondFactor,
    CompetingPolicy competing,
    boolean warm,
    Duration verifyTimeout,
    Duration probeInterval,
    int failuresMax,
    Duration backoff,
    Duration clockSkewMax,
    int cedesPerHourMax,
    ImmutableList<MaintenanceWindow> maintenance,
    DrillSettings drill) {
  /** With the standard settings for drills. */
  public CellSettings(
      GatewayId gateway,
      SecondFactorKind secondFactor,
      CompetingPolicy competing,
      boolean warm,
      Duration verifyTimeout,
      Duration probeInterval,
      int failuresMax,
      Duration backoff,
      Duration clockSkewMax,
      int cedesPerHourMax,
      ImmutableList<MaintenanceWindow> maintenance) {
    this(
        gateway,
        secondFactor,
        competing,
        warm,
        verifyTimeout,
        probeInterval,
        failuresMax,
        backoff,
        clockSkewMax,
        cedesPerHourMax,
        maintenance,
        DrillSettings.DEFAULT);
  }

  public CellSettings withDrill(DrillSettings settings) {
    return new CellSettings(
        gateway,
        secondFactor,
        competing,
        warm,
        verifyTimeout,
        probeInterval,
        failuresMax,
        backoff,
        clockSkewMax,
        cedesPerHourMax,
        maintenance,
        settings);
  }

  /** What to do when somebody else logs in with the same username. */
  public enum CompetingPolicy {
    /** Take the session back once; if it is lost again within ten minutes, stop and alert. */
    RETAKE,
    /** Leave it to the other and alert. */
    YIELD
  }
}
