package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * One promise that a cluster broke in the broker's sight.
 *
 * @param source who broke it
 * @param other the other source concerned, or empty
 */
public record Violation(
    Promise promise, String user, String source, String other, Instant at, String what) {

  /** What the simulator can judge. */
  public enum Promise {
    SingleSession,
    OneCodePerStep,
    LoginBudget
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.put("promise", promise.name());
    node.put("user", user);
    node.put("source", source);
    node.put("other", other);
    node.put("at", at.toString());
    node.put("what", what);
    return node;
  }
}
