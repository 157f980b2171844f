package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginPermit;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * Something that must be done, in the imperative. Carried out on a lane; its end comes back as an
 * {@link Observation}.
 */
@Immutable
public sealed interface Effect {
  EffectId id();

  @Immutable
  record RenewLease(EffectId id, NodeRecord self) implements Effect {}

  @Immutable
  record ReadCoordination(EffectId id) implements Effect {}

  @Immutable
  record JoinElection(EffectId id, GatewayId gateway) implements Effect {}

  @Immutable
  record LeaveElection(EffectId id, GatewayId gateway) implements Effect {}

  @Immutable
  record Write(EffectId id, GuardedWrite write) implements Effect {}

  /** Ask the former holder to stop. */
  @Immutable
  record CallFormerHolder(
      EffectId id, GatewayId gateway, NodeId node, String address, Epoch epoch, Duration timeout)
      implements Effect {}

  @Immutable
  record StartGateway(EffectId id, GatewayId gateway) implements Effect {}

  /** Ask another node what it sees. Ends with {@link Observation.PeerProbed}, answered or not. */
  @Immutable
  record ProbePeer(EffectId id, NodeId node, String address, Duration timeout) implements Effect {}

  @Immutable
  record ProbeGateway(EffectId id, GatewayId gateway) implements Effect {}

  @Immutable
  record Login(EffectId id, GatewayId gateway, LoginPermit permit) implements Effect {}

  /**
   * Let the waiting login submit the code of this step; with the operator's code the step only
   * marks when.
   */
  @Immutable
  record GrantCode(EffectId id, GatewayId gateway, EffectId login, TotpStep step)
      implements Effect {}

  /** The waiting login gets no code. */
  @Immutable
  record RefuseCode(EffectId id, GatewayId gateway, EffectId login, String sentence)
      implements Effect {}

  @Immutable
  record ReopenSession(EffectId id, GatewayId gateway, Epoch epoch, boolean compete)
      implements Effect {}

  @Immutable
  record Logout(EffectId id, GatewayId gateway) implements Effect {}

  @Immutable
  record FenceGateway(EffectId id, GatewayId gateway) implements Effect {}

  /** Compare positions. {@code strict}: after an unclean takeover, open orders too. */
  @Immutable
  record ComparePositions(
      EffectId id, GatewayId gateway, boolean strict, ImmutableList<String> accepted)
      implements Effect {}

  /** Look at what the account is worth and what its orders came to. */
  @Immutable
  record ReadAccount(EffectId id, GatewayId gateway, Epoch epoch) implements Effect {}

  /**
   * Make the fault of a drill: at most once, and only while this node leads under the epoch.
   *
   * @param lasting how long a cut lasts, whatever becomes of this process
   */
  @Immutable
  record InjectFault(
      EffectId id, GatewayId gateway, Epoch epoch, DrillKind kind, String drill, Duration lasting)
      implements Effect {}

  @Immutable
  record OpenRelay(EffectId id, GatewayId gateway, Epoch epoch) implements Effect {}

  @Immutable
  record ShutRelay(EffectId id, GatewayId gateway) implements Effect {}

  @Immutable
  record AnswerCommand(EffectId id, long call, CommandAnswer answer) implements Effect {}

  /** Answer a new leader: {@code refusal} is empty when this node has stopped. */
  @Immutable
  record AnswerRelinquish(EffectId id, long call, Epoch formerEpoch, Optional<String> refusal)
      implements Effect {}

  @Immutable
  record RecordHistory(EffectId id, GatewayId gateway, HistoryEntry entry) implements Effect {}

  /** Everything is stopped: close coordination and end the process. */
  @Immutable
  record Exit(EffectId id) implements Effect {}
}
