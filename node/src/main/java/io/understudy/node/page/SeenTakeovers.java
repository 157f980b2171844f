package io.understudy.node.page;

import com.google.common.collect.ImmutableList;
import io.understudy.node.api.GatewayView;
import io.understudy.node.api.GatewayView.LocatedCell;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.page.Takeover.Cause;
import io.understudy.node.page.Takeover.Name;
import io.understudy.node.page.Takeover.Outcome;
import io.understudy.node.page.Takeover.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The takeovers that this node has seen while it ran, on itself or on another node, with all their
 * phases: what the history does not keep. A phase counts from when the cell says that it entered
 * it; clocks of several nodes may differ, so no phase begins before the former one. Not for several
 * threads.
 */
final class SeenTakeovers {
  private static final int PER_GATEWAY_MAX = 16;

  /** One that is followed, or has ended. */
  private static final class Run {
    final NodeId node;
    final List<Phase> phases = new ArrayList<>();
    final List<Instant> began = new ArrayList<>();
    Epoch epoch = Epoch.NONE;
    Outcome outcome = Outcome.UNDER_WAY;
    @Nullable Instant ended;

    Run(NodeId node) {
      this.node = node;
    }

    Instant notBefore(Instant at) {
      return began.isEmpty() || at.isAfter(began.getLast()) ? at : began.getLast();
    }

    void end(Outcome how, Instant at) {
      outcome = how;
      ended = notBefore(at);
    }
  }

  private final Map<GatewayId, List<Run>> runs = new TreeMap<>();

  /** Takes note of what goes on; true when something about a takeover changed. */
  boolean observe(NodeStatus status) {
    boolean changed = false;
    for (GatewayId gateway : GatewayView.gateways(status)) {
      List<Run> all = runs.computeIfAbsent(gateway, _ -> new ArrayList<>());
      Optional<LocatedCell> leading = GatewayView.of(status, gateway).leading();
      changed |= leading.isPresent() && follow(all, leading.get(), status.at());
    }
    return changed;
  }

  private static boolean follow(List<Run> all, LocatedCell located, Instant now) {
    Phase phase = located.cell().phase();
    Epoch epoch = located.cell().epoch();
    Optional<Run> open =
        all.isEmpty() || all.getLast().ended != null
            ? Optional.empty()
            : Optional.of(all.getLast());
    boolean other =
        open.filter(run -> !run.node.equals(located.node()) || passed(run, epoch)).isPresent();
    if (other) {
      open.orElseThrow().end(Outcome.GIVEN_UP, now);
    }
    if (open.isEmpty() || other) {
      return (begins(phase) && begin(all, located)) || other;
    }
    return step(open.get(), located);
  }

  /** Whether the run is about an epoch that is over. */
  private static boolean passed(Run run, Epoch epoch) {
    return run.epoch.isAfter(Epoch.NONE) && epoch.isAfter(run.epoch);
  }

  /** Whoever is met in a later phase has been under way for a time that nobody here has seen. */
  private static boolean begins(Phase phase) {
    return phase == Phase.CLAIMING || phase == Phase.FENCING;
  }

  private static boolean begin(List<Run> all, LocatedCell located) {
    if (all.size() >= PER_GATEWAY_MAX) {
      all.removeFirst();
    }
    Run run = new Run(located.node());
    all.add(run);
    return step(run, located);
  }

  private static boolean step(Run run, LocatedCell located) {
    Phase phase = located.cell().phase();
    Instant since = located.cell().phaseSince();
    if (located.cell().epoch().isAfter(Epoch.NONE)) {
      run.epoch = located.cell().epoch();
    }
    return switch (phase) {
      case CLAIMING, FENCING, LOGGING_IN, VERIFYING, RECONCILING -> {
        boolean next = run.phases.isEmpty() || run.phases.getLast() != phase;
        if (next) {
          run.began.add(run.notBefore(since));
          run.phases.add(phase);
        }
        yield next;
      }
      case SERVING -> ended(run, Outcome.SERVING, since);
      case NEEDS_OPERATOR -> ended(run, Outcome.NEEDS_OPERATOR, since);
      case STANDBY, CEDING, SELF_FENCING -> ended(run, Outcome.GIVEN_UP, since);
    };
  }

  private static boolean ended(Run run, Outcome how, Instant at) {
    run.end(how, at);
    return true;
  }

  /** Those with an epoch, newest first; why each was needed is not known here. */
  ImmutableList<Takeover> of(GatewayId gateway, Instant now) {
    return runs.getOrDefault(gateway, ImmutableList.of()).reversed().stream()
        .filter(run -> !run.phases.isEmpty())
        .filter(run -> run.epoch.isAfter(Epoch.NONE))
        .map(run -> takeover(gateway, run, now))
        .collect(ImmutableList.toImmutableList());
  }

  private static Takeover takeover(GatewayId gateway, Run run, Instant now) {
    Optional<Instant> ended = Optional.ofNullable(run.ended);
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    for (int i = 0; i < run.phases.size(); i++) {
      boolean last = i + 1 == run.phases.size();
      Instant until = last ? run.notBefore(ended.orElse(now)) : run.began.get(i + 1);
      steps.add(new Step(name(run.phases.get(i)), Duration.between(run.began.get(i), until)));
    }
    return new Takeover(
        gateway,
        run.epoch,
        run.node,
        Cause.UNKNOWN,
        run.outcome,
        run.began.getFirst(),
        ended,
        steps.build());
  }

  private static Name name(Phase phase) {
    return switch (phase) {
      case CLAIMING -> Name.CLAIM;
      case FENCING -> Name.FENCE;
      case LOGGING_IN -> Name.LOGIN;
      case VERIFYING -> Name.VERIFY;
      case RECONCILING -> Name.RECONCILE;
      case STANDBY, SERVING, CEDING, SELF_FENCING, NEEDS_OPERATOR ->
          throw new IllegalStateException(phase + " is no step of a takeover");
    };
  }
}
