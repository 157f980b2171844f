package io.understudy.node.core.drill;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.login.MaintenanceWindow;
import java.time.Duration;

/**
 * How drills of one gateway are to be run.
 *
 * @param rto within which orders must pass again after the fault
 * @param timeout after which a drill has failed, whatever it does
 * @param marketHours windows of the week in which no drill begins
 * @param crashSupervised whether something starts this daemon again when it is killed
 * @param partitionPossible whether this node has the means to be cut off from the tunnel
 */
@Immutable
public record DrillSettings(
    Duration rto,
    Duration timeout,
    ImmutableList<MaintenanceWindow> marketHours,
    boolean crashSupervised,
    boolean partitionPossible) {
  public static final Duration TIMEOUT_MIN = Duration.ofMinutes(2);
  public static final Duration TIMEOUT_MAX = Duration.ofHours(2);
  public static final DrillSettings DEFAULT =
      new DrillSettings(
          Duration.ofMinutes(2), Duration.ofMinutes(15), ImmutableList.of(), false, false);

  /** The same on a node with these means. */
  public DrillSettings withMeans(boolean supervised, boolean partition) {
    return new DrillSettings(rto, timeout, marketHours, supervised, partition);
  }
}
