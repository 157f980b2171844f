package io.understudy.node.sim;

import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.NodeDecider;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides now and then what the core has decided once more, and compares; and sees that it comes to
 * rest.
 */
final class CoreJudge {
  /** So many phases one may go through while nothing new is seen. */
  private static final int AT_ONCE_MAX = 10;

  /** One pass in so many. */
  private static final int LOOKED_AT = 64;

  /** A core that wants to be woken within this has its turn at once. */
  private static final Duration AT_ONCE = Duration.ofNanos(1_000);

  private final Tally checks;
  private long passes;

  CoreJudge(Tally checks) {
    this.checks = checks;
  }

  void decided(
      NodeId node,
      NodeSettings settings,
      Observations seen,
      NodeState state,
      Now now,
      Decision decision) {
    passes++;
    if (passes % LOOKED_AT != 0) {
      return;
    }
    checks.add(Promise.PURITY, 1);
    if (!NodeDecider.decide(settings, seen, state, now).equals(decision)) {
      throw new PromiseBroken(Promise.PURITY, node + " decided differently on the same input");
    }
    Observations after = seen.after(decision);
    mustNotAskAgain(node, decision, NodeDecider.decide(settings, after, decision.next(), now));
    Duration rest = decision.wakeAt().since(now.monotonic()).dividedBy(2);
    if (rest.compareTo(AT_ONCE) > 0) {
      Now meanwhile = new Now(now.wall().plus(rest), now.monotonic().plus(rest));
      mustRest(node, rest, NodeDecider.decide(settings, after, decision.next(), meanwhile));
    }
  }

  static boolean wantsToRest(Decision decision, Now now) {
    return decision.wakeAt().since(now.monotonic()).compareTo(AT_ONCE) > 0;
  }

  /**
   * Looks at each pass.
   *
   * @param passesAtOnce in a row, without news, each of which wanted the next one at once
   */
  void mustComeToRest(NodeId node, int passesAtOnce) {
    if (passesAtOnce > AT_ONCE_MAX) {
      throw new PromiseBroken(Promise.WOKEN_IN_TIME, node + " wants to be woken at once for ever");
    }
  }

  private void mustNotAskAgain(NodeId node, Decision decision, Decision again) {
    checks.add(Promise.LEVEL_DRIVEN, 1);
    Set<String> asked = new HashSet<>();
    decision.effects().stream().filter(CoreJudge::guarded).forEach(e -> asked.add(kind(e)));
    again.effects().stream()
        .filter(CoreJudge::guarded)
        .filter(e -> asked.contains(kind(e)))
        .findFirst()
        .ifPresent(e -> {
          throw new PromiseBroken(Promise.LEVEL_DRIVEN, node + " asks again for " + e);
        });
  }

  /** Half of the time that the core wants to be left alone has gone by. */
  private void mustRest(NodeId node, Duration rest, Decision early) {
    checks.add(Promise.WOKEN_IN_TIME, 1);
    if (!early.effects().isEmpty() || !early.transitions().isEmpty()) {
      throw new PromiseBroken(
          Promise.WOKEN_IN_TIME,
          node
              + " wants to be woken in "
              + rest.multipliedBy(2)
              + ", and would have after half of that "
              + early.effects()
              + " and "
              + early.transitions());
    }
  }

  private static boolean guarded(Effect effect) {
    return switch (effect) {
      case Effect.Write _,
          Effect.Login _,
          Effect.GrantCode _,
          Effect.ReopenSession _,
          Effect.OpenRelay _,
          Effect.RenewLease _,
          Effect.StartGateway _ ->
          true;
      default -> false;
    };
  }

  private static String kind(Effect effect) {
    return switch (effect) {
      case Effect.Write write ->
          "Write "
              + write.write().gateway()
              + write.write().updates().stream().map(u -> u.getClass().getSimpleName()).toList();
      case Effect.Login login -> "Login " + login.gateway();
      case Effect.GrantCode grant -> "GrantCode " + grant.gateway();
      case Effect.ReopenSession reopen -> "ReopenSession " + reopen.gateway();
      case Effect.OpenRelay open -> "OpenRelay " + open.gateway();
      case Effect.StartGateway start -> "StartGateway " + start.gateway();
      default -> effect.getClass().getSimpleName();
    };
  }
}
