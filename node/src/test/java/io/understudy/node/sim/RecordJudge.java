package io.understudy.node.sim;

import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives.CompletedRequest;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Looks at each guarded write: what it may change, in whose name, and when. */
final class RecordJudge {
  private static final Duration CLOCK_ERROR_MAX = Duration.ofHours(2);

  private final World world;
  private final Cluster cluster;
  private final Judge judge;

  RecordJudge(World world, Cluster cluster, Judge judge) {
    this.world = world;
    this.cluster = cluster;
    this.judge = judge;
  }

  void written(NodeId node, GuardedWrite write, GatewayRecords before, GatewayRecords after) {
    for (GuardedWrite.Update update : write.updates()) {
      switch (update) {
        case GuardedWrite.ClaimUpdate claim -> claimed(node, before, claim.claim());
        case GuardedWrite.CustodyUpdate custody ->
            custody(node, write.gateway(), before, after, custody.custody());
        case GuardedWrite.LedgerUpdate ledger ->
            ledger(node, write, before, after, ledger.ledger());
        case GuardedWrite.DirectivesUpdate directives ->
            directives(write.gateway(), directives.directives().completed());
        case GuardedWrite.MarksUpdate marks -> marks(node, before, marks.marks());
        case GuardedWrite.DrillUpdate drill -> judge.drills().written(node, before, drill);
      }
    }
  }

  /** High-water marks are written by the leader of the highest epoch, and never sink. */
  private void marks(NodeId node, GatewayRecords before, HighWaterMarks marks) {
    judge.looks(Promise.NO_STALE_EFFECT);
    boolean entitled =
        before
            .claim()
            .value()
            .filter(claim -> claim.node().equals(node))
            .filter(claim ->
                before.custody().value().filter(c -> c.epoch().equals(claim.epoch())).isPresent())
            .isPresent();
    if (!entitled) {
      throw new PromiseBroken(
          Promise.NO_STALE_EFFECT, node + " writes marks without claim and custody");
    }
    for (HighWaterMarks.Mark mark : before.marks().value().marks()) {
      boolean kept =
          marks
              .of(mark.account())
              .filter(m -> m.netLiquidation().compareTo(mark.netLiquidation()) >= 0)
              .isPresent();
      if (!kept) {
        throw new PromiseBroken(Promise.NO_STALE_EFFECT, node + " lowers " + mark + " to " + marks);
      }
    }
  }

  private void claimed(NodeId node, GatewayRecords before, Claim claim) {
    judge.looks(Promise.MONOTONIC_EPOCH);
    Epoch highest = before.claim().value().map(Claim::epoch).orElse(Epoch.NONE);
    if (!claim.epoch().isAfter(highest) || !claim.node().equals(node)) {
      throw new PromiseBroken(
          Promise.MONOTONIC_EPOCH, node + " claims " + claim.epoch() + " after " + highest);
    }
  }

  private void custody(
      NodeId node,
      GatewayId gateway,
      GatewayRecords before,
      GatewayRecords after,
      Optional<Custody> custody) {
    judge.looks(Promise.FENCE_BEFORE_START);
    Epoch epoch = holder(after, node, "custody");
    if (custody.isEmpty()) {
      judge.mustBeStopped(node, gateway, "custody was cleared");
      return;
    }
    if (!custody.orElseThrow().epoch().equals(epoch)) {
      throw new PromiseBroken(
          Promise.NO_STALE_EFFECT, node + " takes custody in an epoch that is not the highest");
    }
    Optional<Custody> former =
        before
            .custody()
            .value()
            .filter(c -> !c.node().equals(node))
            .filter(c -> cluster.ensemble().claimantLives(gateway, c.epoch()))
            .filter(c -> !judge.answered(c.node(), gateway, epoch));
    if (former.isPresent()) {
      throw new PromiseBroken(
          Promise.FENCE_BEFORE_START,
          node + " takes custody of " + gateway + " while " + former + " has not stopped");
    }
  }

  private static Epoch holder(GatewayRecords after, NodeId node, String what) {
    Claim claim =
        after
            .claim()
            .value()
            .orElseThrow(() ->
                new PromiseBroken(
                    Promise.NO_STALE_EFFECT, node + " writes " + what + " unclaimed"));
    if (!claim.node().equals(node)) {
      throw new PromiseBroken(
          Promise.NO_STALE_EFFECT, node + " writes " + what + " in the epoch of another");
    }
    return claim.epoch();
  }

  private void ledger(
      NodeId node,
      GuardedWrite write,
      GatewayRecords before,
      GatewayRecords after,
      LoginLedger ledger) {
    if (isUnlock(before, after)) {
      judge.unlocked(write.gateway());
      return;
    }
    judge.looks(Promise.LOGIN_BUDGET);
    Epoch epoch = holder(after, node, "the ledger");
    LoginLedger old = before.ledger().value();
    ImmutableSet<LoginAttempt> known = ImmutableSet.copyOf(old.attempts());
    for (LoginAttempt attempt : ledger.attempts()) {
      boolean permit = old.attempt(attempt.id()).isEmpty();
      if (permit && failuresInRow(old) >= cluster.cell(write.gateway()).failuresMax()) {
        throw new PromiseBroken(
            Promise.LOGIN_BUDGET, node + " writes a permit although the budget is spent");
      }
      if (permit && old.lockedUntil().filter(this::isFarAhead).isPresent()) {
        throw new PromiseBroken(
            Promise.LOGIN_BUDGET, node + " writes a permit although logins are locked");
      }
      if (!known.contains(attempt) && !attempt.epoch().equals(epoch)) {
        throw new PromiseBroken(
            Promise.NO_STALE_EFFECT, node + " writes an attempt of epoch " + attempt.epoch());
      }
    }
    boolean back =
        old.lastStep()
            .filter(s -> ledger.lastStep().filter(n -> n.compareTo(s) >= 0).isEmpty())
            .isPresent();
    if (back) {
      throw new PromiseBroken(Promise.ONE_CODE_PER_STEP, node + " takes the last step back");
    }
  }

  /** Counted anew, from the design: whatever is not known to be harmless is a failure. */
  private static int failuresInRow(LoginLedger ledger) {
    int failures = 0;
    for (LoginAttempt attempt : ledger.attempts()) {
      switch (attempt.verdict()) {
        case SUCCEEDED -> failures = 0;
        case OPEN, REFUSED, UNKNOWN -> failures++;
        case NOT_SUBMITTED, FORGIVEN -> {}
      }
    }
    return failures;
  }

  /** By every clock of the cluster, however wrong it may be in this run. */
  private boolean isFarAhead(Instant until) {
    return until.minus(CLOCK_ERROR_MAX).isAfter(world.wall());
  }

  private static boolean isUnlock(GatewayRecords before, GatewayRecords after) {
    int old = before.directives().value().completed().size();
    List<CompletedRequest> completed = after.directives().value().completed();
    return before.directives().version() != after.directives().version()
        && (completed.size() > old || old > 0)
        && completed.getLast().command().equals("unlock");
  }

  private void directives(GatewayId gateway, List<CompletedRequest> completed) {
    judge.looks(Promise.COMMAND_ANSWERED);
    long distinct = completed.stream().map(CompletedRequest::requestId).distinct().count();
    if (distinct != completed.size()) {
      throw new PromiseBroken(
          Promise.COMMAND_ANSWERED, gateway + " carried out one request twice: " + completed);
    }
  }
}
