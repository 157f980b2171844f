package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who stands in one gateway's election, in order. */
final class Election {
  private record Entry(String name, Ensemble.Session session) {}

  private final List<Entry> entries = new ArrayList<>();

  ElectionView view(Ensemble.Session reader) {
    ImmutableList.Builder<NodeId> candidates = ImmutableList.builder();
    Optional<ElectionTicket> own = Optional.empty();
    boolean first = false;
    for (Entry entry : entries) {
      candidates.add(entry.session.node);
      if (own.isEmpty() && entry.session == reader) {
        own = Optional.of(new ElectionTicket(entry.name));
        first = entry.equals(entries.getFirst());
      }
    }
    return new ElectionView(candidates.build(), own, first);
  }

  Optional<NodeId> first() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getFirst().session.node);
  }

  boolean stands(ElectionTicket ticket) {
    return entries.stream().anyMatch(entry -> entry.name.equals(ticket.name()));
  }

  /** Takes a place at the end; false if the session has one. */
  boolean enter(String name, Ensemble.Session session) {
    return entries.stream().noneMatch(entry -> entry.session == session)
        && entries.add(new Entry(name, session));
  }

  /** False if the session has no place. */
  boolean leave(Ensemble.Session session) {
    return entries.removeIf(entry -> entry.session == session);
  }

  /** False if nobody stands. */
  boolean removeFirst() {
    if (entries.isEmpty()) {
      return false;
    }
    entries.removeFirst();
    return true;
  }
}
