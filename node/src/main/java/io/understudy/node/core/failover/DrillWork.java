package io.understudy.node.core.failover;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.model.EffectId;
import java.util.Optional;

/**
 * What a cell does for the gateway's drill, and what it would have to tell of itself.
 *
 * @param trail the phases that this cell entered lately and when its gate opened, oldest first, at
 *     most {@link #TRAIL_MAX}
 * @param write of the drill's record, in flight
 * @param injected the drill whose fault was asked for in this life; empty if there was none
 * @param injection that fault
 */
@Immutable
record DrillWork(
    ImmutableList<DrillMark> trail,
    Optional<EffectId> write,
    String injected,
    Optional<EffectId> injection) {
  static final int TRAIL_MAX = 16;

  static final DrillWork NONE =
      new DrillWork(ImmutableList.of(), Optional.empty(), "", Optional.empty());

  /** What a phase is called in marks. */
  static String name(Phase phase) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, phase.name());
  }

  DrillWork passed(DrillMark mark) {
    ImmutableList<DrillMark> all =
        ImmutableList.<DrillMark>builder().addAll(trail).add(mark).build();
    return new DrillWork(
        all.subList(Math.max(0, all.size() - TRAIL_MAX), all.size()), write, injected, injection);
  }

  DrillWork writing(Optional<EffectId> update) {
    return new DrillWork(trail, update, injected, injection);
  }

  DrillWork injecting(String drill, EffectId fault) {
    return new DrillWork(trail, write, drill, Optional.of(fault));
  }

  /** No drill is under way; that a fault was asked for is not forgotten. */
  DrillWork idle() {
    return write.isEmpty() && injection.isEmpty()
        ? this
        : new DrillWork(trail, Optional.empty(), injected, Optional.empty());
  }
}
