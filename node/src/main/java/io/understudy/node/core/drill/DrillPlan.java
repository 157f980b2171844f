package io.understudy.node.core.drill;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator asks for.
 *
 * @param target of a switchover; empty: a standby that is ready
 * @param fallBack afterwards back to the node that led
 * @param rto within which orders must pass again; empty: that of the gateway's settings
 * @param timeout after which the drill has failed, whatever it does; empty: that of the settings
 * @param overrule codes of checks that the operator takes upon himself
 */
@Immutable
public record DrillPlan(
    DrillKind kind,
    Optional<NodeId> target,
    boolean fallBack,
    Optional<Duration> rto,
    Optional<Duration> timeout,
    ImmutableList<String> overrule) {
  /** How many logins it takes when all goes well. */
  public int logins() {
    return fallBack ? 2 : 1;
  }

  /** With everything said that was left to the settings. */
  public DrillPlan filledIn(Optional<NodeId> chosen, Duration objective, Duration patience) {
    return new DrillPlan(
        kind, chosen, fallBack, Optional.of(objective), Optional.of(patience), overrule);
  }
}
