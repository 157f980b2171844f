package io.understudy.node.core.drill;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;

/**
 * Something that happened in a drill, by the clock of the node that says so.
 *
 * @param what one of the names here, or the phase that was entered, in CamelCase
 */
@Immutable
public record DrillMark(Instant at, NodeId node, Epoch epoch, String what) {
  public static final String STARTED = "Started";
  public static final String FAULT = "Fault";

  /** The leader begins to give up in good order: until then it has served. */
  public static final String CEDING = "Ceding";

  public static final String GATE_OPEN = "GateOpen";
  public static final String RECOVERED = "Recovered";
  public static final String FALLING_BACK = "FallingBack";
  public static final String ENDED = "Ended";

  public boolean says(String name) {
    return what.equals(name);
  }
}
