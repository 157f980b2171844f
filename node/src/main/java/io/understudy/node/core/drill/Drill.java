package io.understudy.node.core.drill;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * The record of one drill, kept in coordination: it survives whoever asked for it and whoever led
 * when it began. The leader of the moment carries it on.
 *
 * @param id the id of the request that started it
 * @param plan with everything filled in
 * @param deadline after it the drill has failed, and nothing of it goes on
 * @param endedAt empty while it is under way
 * @param sentence why it is as it is; in the end the verdict
 * @param origin who led when it began, and may make the fault; the instance and epoch too
 * @param marks what happened, in order of writing, at most {@link #MARKS_MAX}
 * @param after empty until a node serves again
 * @param measurement empty unless a client reported what it saw
 * @param versions of each registered node when it began
 */
@Immutable
public record Drill(
    String id,
    DrillPlan plan,
    String operator,
    String reason,
    Instant startedAt,
    Instant deadline,
    Optional<Instant> endedAt,
    DrillStage stage,
    String sentence,
    NodeId origin,
    InstanceId originInstance,
    Epoch originEpoch,
    ImmutableList<DrillMark> marks,
    DrillSight before,
    Optional<DrillSight> after,
    Optional<DrillMeasurement> measurement,
    ImmutableSortedMap<NodeId, String> versions) {
  public static final int MARKS_MAX = 64;
  private static final String WAY_BACK = "/back";

  /** Whether that claim is the one under which the drill began. */
  public boolean beganUnder(Claim claim) {
    return claim.node().equals(origin)
        && claim.instance().equals(originInstance)
        && claim.epoch().equals(originEpoch);
  }

  /** The name of its hand-over among the operators' wishes. */
  public String switchoverRequest() {
    return id;
  }

  /** The name of its hand-over back. */
  public String wayBackRequest() {
    return id + WAY_BACK;
  }

  /** The wishes without what this drill has put among them, while it is at this stage. */
  public Directives without(Directives directives) {
    Directives rest = directives;
    if (directives.switchover().filter(this::isOwn).isPresent()) {
      rest = rest.withSwitchover(Optional.empty());
    }
    return keepsLoggedOut(directives) ? rest.withLoggedOut(false) : rest;
  }

  /** Whether that hand-over was asked for by this drill. */
  public boolean isOwn(Directives.Switchover switchover) {
    return switchover.requestId().equals(switchoverRequest())
        || switchover.requestId().equals(wayBackRequest());
  }

  /** Whether it is this drill that keeps the gateway logged out: a person's logout ends a drill. */
  public boolean keepsLoggedOut(Directives directives) {
    return plan.kind() == DrillKind.LOGIN_ONLY
        && stage == DrillStage.FAULT
        && directives.loggedOut();
  }

  public Optional<DrillMark> mark(String what) {
    return marks.stream().filter(mark -> mark.says(what)).findFirst();
  }

  // ---- what becomes of it

  public Drill at(DrillStage next, String why) {
    return with(next, why, endedAt, marks, after, measurement);
  }

  /** With those marks that it has not yet; what is too much is left out. */
  public Drill marked(ImmutableList<DrillMark> more) {
    ImmutableList<DrillMark> all =
        ImmutableList.<DrillMark>builder()
            .addAll(marks)
            .addAll(more.stream().filter(mark -> !marks.contains(mark)).toList())
            .build();
    return with(
        stage,
        sentence,
        endedAt,
        all.subList(0, Math.min(MARKS_MAX, all.size())),
        after,
        measurement);
  }

  public Drill marked(DrillMark mark) {
    return marked(ImmutableList.of(mark));
  }

  public Drill seenAfter(DrillSight sight) {
    return with(stage, sentence, endedAt, marks, Optional.of(sight), measurement);
  }

  public Drill ended(DrillStage end, Instant at, String verdict) {
    return with(end, verdict, Optional.of(at), marks, after, measurement);
  }

  public Drill measured(DrillMeasurement value) {
    return with(stage, sentence, endedAt, marks, after, Optional.of(value));
  }

  private Drill with(
      DrillStage nextStage,
      String nextSentence,
      Optional<Instant> end,
      ImmutableList<DrillMark> nextMarks,
      Optional<DrillSight> sight,
      Optional<DrillMeasurement> measured) {
    return new Drill(
        id,
        plan,
        operator,
        reason,
        startedAt,
        deadline,
        end,
        nextStage,
        nextSentence,
        origin,
        originInstance,
        originEpoch,
        nextMarks,
        before,
        sight,
        measured,
        versions);
  }
}
