package io.understudy.node.core.failover;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.core.peers.PeerProbe;
import io.understudy.node.core.positions.ReconciliationReport;
import java.util.Optional;

/**
 * Something that was seen, in the past tense. Folded into {@link Observations}; never decides
 * anything by itself.
 */
@Immutable
public sealed interface Observation {

  /** Coordination answers again. */
  @Immutable
  record Connected() implements Observation {}

  /** Coordination does not answer: neutral. */
  @Immutable
  record Suspended() implements Observation {}

  /** The coordination session is gone, and with it every ticket and lease. */
  @Immutable
  record SessionExpired() implements Observation {}

  /** Something in coordination changed; what, is read. */
  @Immutable
  record CoordinationChanged() implements Observation {}

  /** The daemon was asked to stop. */
  @Immutable
  record StopRequested() implements Observation {}

  /**
   * A renewal was acknowledged, and the sync behind it too.
   *
   * @param sentAt before both
   * @param writtenAt when the write's answer was seen
   */
  @Immutable
  record LeaseRenewed(
      EffectId effect, SessionId session, MonotonicTime sentAt, MonotonicTime writtenAt)
      implements Observation {}

  /** A read of coordination finished; empty when it failed. */
  @Immutable
  record CoordinationRead(
      EffectId effect, MonotonicTime startedAt, Optional<CoordinationSnapshot> snapshot)
      implements Observation {}

  /** An effect came to its end, with or without success; the sentence says what went wrong. */
  @Immutable
  record EffectFinished(EffectId effect, boolean succeeded, String sentence)
      implements Observation {}

  /** A guarded write came to its end. */
  @Immutable
  record WriteFinished(EffectId effect, GuardedWrite.Result result) implements Observation {}

  /** The gateway was looked at. */
  @Immutable
  record GatewayProbed(EffectId effect, GatewayId gateway, GatewayStatus status)
      implements Observation {}

  /** Another node was asked what it sees. */
  @Immutable
  record PeerProbed(EffectId effect, NodeId node, PeerProbe probe) implements Observation {}

  /** A login came to its end. */
  @Immutable
  record LoginFinished(EffectId effect, LoginResult result) implements Observation {}

  /** The login's page waits for its {@code count}-th one-time code. */
  @Immutable
  record CodeRequested(EffectId login, GatewayId gateway, int count) implements Observation {}

  /**
   * An operator handed in a one-time code; the edge keeps it. {@code count} grows by one with each.
   */
  @Immutable
  record OperatorCodeArrived(GatewayId gateway, int count) implements Observation {}

  /** Positions were compared; empty when one side could not be read. */
  @Immutable
  record PositionsCompared(EffectId effect, Optional<ReconciliationReport> report, String sentence)
      implements Observation {}

  /** The account was looked at; empty when it could not be read. */
  @Immutable
  record AccountRead(
      EffectId effect, GatewayId gateway, Optional<AccountReading> reading, String sentence)
      implements Observation {}

  /** An operator's command arrived. */
  @Immutable
  record CommandReceived(long call, Command command) implements Observation {}

  /** A new leader asks us to stop acting for the gateway under any epoch below its own. */
  @Immutable
  record RelinquishRequested(long call, NodeId from, GatewayId gateway, Epoch epoch)
      implements Observation {}
}
