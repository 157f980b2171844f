package io.understudy.node.core.drill;

import com.google.errorprone.annotations.Immutable;
import java.util.Optional;

/**
 * A gateway's current or last drill, as it is on record.
 *
 * @param readable false where the record holds something that this version does not understand:
 *     then it is left alone, and no drill begins
 */
@Immutable
public record LastDrill(Optional<Drill> drill, boolean readable) {
  public static final LastDrill NONE = new LastDrill(Optional.empty(), true);
  public static final LastDrill UNREADABLE = new LastDrill(Optional.empty(), false);

  public static LastDrill of(Drill drill) {
    return new LastDrill(Optional.of(drill), true);
  }

  /** The drill that has not ended. */
  public Optional<Drill> underWay() {
    return drill.filter(last -> !last.stage().ended());
  }
}
