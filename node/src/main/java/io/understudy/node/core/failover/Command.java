package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.drill.DrillMeasurement;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.ServerView;
import java.util.Optional;

/** An operator's wish, before it is accepted. */
@Immutable
public sealed interface Command {
  Meta meta();

  /**
   * What every command carries.
   *
   * @param requestId chosen by the caller; a repeated id never acts twice
   * @param expectedEpoch the epoch that the operator has seen; {@link Epoch#NONE} means: do not
   *     check
   * @param reason why, for the history
   * @param operator the name in the client certificate
   * @param dryRun check everything and change nothing
   */
  @Immutable
  record Meta(
      GatewayId gateway,
      String requestId,
      Epoch expectedEpoch,
      String reason,
      String operator,
      boolean dryRun) {}

  /** Log in; ends a former {@link Logout}, and tries again after a failure that needed a person. */
  @Immutable
  record Login(Meta meta) implements Command {}

  /** Log out everywhere; nobody logs in until {@link Login}. */
  @Immutable
  record Logout(Meta meta) implements Command {}

  /** Let another node lead. {@code force}: also one that does not say that it is ready. */
  @Immutable
  record Failover(Meta meta, Optional<NodeId> target, boolean force) implements Command {}

  /** Compare positions anew, accepting the discrepancies of these ids. */
  @Immutable
  record Reconcile(Meta meta, ImmutableList<String> accept) implements Command {}

  /** Pause or resume automatic logins and takeovers. */
  @Immutable
  record SetAutomation(Meta meta, boolean paused) implements Command {}

  /** Shut the trading gate until {@link ResumeTrading}. */
  @Immutable
  record HaltTrading(Meta meta) implements Command {}

  /** Allow the trading gate to open again. */
  @Immutable
  record ResumeTrading(Meta meta) implements Command {}

  /** Forget the row of failed logins and its lock. */
  @Immutable
  record UnlockLogins(Meta meta) implements Command {}

  /**
   * Say whether a drill might begin, and what it would do. Changes nothing.
   *
   * @param servers the coordination servers, as they were seen when the command arrived
   */
  @Immutable
  record PlanDrill(Meta meta, DrillPlan plan, ImmutableList<ServerView> servers)
      implements Command {}

  /** Begin a drill; its id is the request's. */
  @Immutable
  record StartDrill(Meta meta, DrillPlan plan, ImmutableList<ServerView> servers)
      implements Command {}

  /** End the drill of that id. */
  @Immutable
  record AbortDrill(Meta meta, String drill) implements Command {}

  /** Add to the record of that drill what a probing client has seen. */
  @Immutable
  record MeasureDrill(Meta meta, String drill, DrillMeasurement measurement) implements Command {}
}
