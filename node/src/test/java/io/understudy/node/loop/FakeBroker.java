package io.understudy.node.loop;

import io.understudy.node.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One username at a broker without a network. Guards SingleSession itself: a login beside a session
 * of another node that still acts is a violation.
 */
final class FakeBroker {
  private final List<String> violations = new ArrayList<>();
  private Optional<NodeId> holder = Optional.empty();
  private int logins;

  synchronized void login(NodeId node, boolean holderStillActs) {
    logins++;
    if (holder.filter(h -> !h.equals(node)).isPresent() && holderStillActs) {
      violations.add(node + " logged in while " + holder.orElseThrow() + " acts");
    }
    holder = Optional.of(node);
  }

  synchronized void logout(NodeId node) {
    holder = holder.filter(h -> !h.equals(node));
  }

  synchronized Optional<NodeId> holder() {
    return holder;
  }

  synchronized int logins() {
    return logins;
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }
}
