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
  /** An entry. */
  static final class Ticket {
    private final String name;
    private final Ensemble.Session session;

    /** Its owner has asked for its removal, and does not count it as its own any more. */
    private boolean disowned;

    private Ticket(String name, Ensemble.Session session) {
      this.name = name;
      this.session = session;
    }

    NodeId node() {
      return session.node;
    }

    private boolean isOf(Ensemble.Session owner) {
      return session == owner && !disowned;
    }

    private boolean is(ElectionTicket ticket) {
      return name.equals(ticket.name());
    }
  }

  private final List<Ticket> tickets = new ArrayList<>();

  ElectionView view(Ensemble.Session reader) {
    ImmutableList.Builder<NodeId> candidates = ImmutableList.builder();
    tickets.forEach(ticket -> candidates.add(ticket.node()));
    Optional<Ticket> own = ticketOf(reader);
    return new ElectionView(
        candidates.build(),
        own.map(ticket -> new ElectionTicket(ticket.name)),
        own.isPresent() && own.get().equals(tickets.getFirst()));
  }

  private Optional<Ticket> ticketOf(Ensemble.Session owner) {
    for (Ticket ticket : tickets) {
      if (ticket.isOf(owner)) {
        return Optional.of(ticket);
      }
    }
    return Optional.empty();
  }

  Optional<NodeId> first() {
    return tickets.isEmpty() ? Optional.empty() : Optional.of(tickets.getFirst().node());
  }

  boolean stands(ElectionTicket wanted) {
    return tickets.stream().anyMatch(ticket -> ticket.is(wanted));
  }

  /** Whether its owner has given it up. */
  boolean isDisowned(ElectionTicket wanted) {
    return tickets.stream().anyMatch(ticket -> ticket.is(wanted) && ticket.disowned);
  }

  /** Takes a place at the end; false if the session has one. */
  boolean enter(Ensemble.Session session, String name) {
    return ticketOf(session).isEmpty() && tickets.add(new Ticket(name, session));
  }

  /**
   * The owner gives its entry up. Whatever becomes of the removal, which it asks for next, the
   * entry is not its own from now on: so says the contract of the driver.
   */
  Optional<Ticket> disown(Ensemble.Session session) {
    Optional<Ticket> own = ticketOf(session);
    own.ifPresent(ticket -> ticket.disowned = true);
    return own;
  }

  /** False if it was gone already. */
  boolean remove(Ticket ticket) {
    return tickets.remove(ticket);
  }

  boolean removeFirst() {
    return !tickets.isEmpty() && tickets.remove(tickets.getFirst());
  }

  void removeAllOf(Ensemble.Session session) {
    tickets.removeIf(ticket -> ticket.session == session);
  }
}
