package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives the one brokerage session of each username to one holder at a time.
 *
 * <p>Guarded by the broker's lock.
 */
final class BrokerageDesk {
  static final Duration IDLE_TIME = Duration.ofMinutes(6);

  private final Faults faults;
  private final Report report;

  private final Consumer<SsoSession> changes;

  /** {@code changes} is told each login whose right to trade has changed. */
  BrokerageDesk(Faults faults, Report report, Consumer<SsoSession> changes) {
    this.faults = faults;
    this.report = report;
    this.changes = changes;
  }

  /** Gives the session to {@code asker}, or refuses it because another holds it. */
  void acquire(SsoSession asker, boolean compete, Instant at) {
    if (faults.activeFor(Fault.Kind.NEVER_AUTHENTICATED, asker.user().name())) {
      change(asker, SsoSession.Brokerage.NONE);
      return;
    }
    User user = asker.user();
    Holder wanted = new Holder.Gateway(asker);
    if (user.holder().isPresent() && !isHeldBy(user, asker)) {
      if (!compete) {
        change(asker, SsoSession.Brokerage.REFUSED);
        return;
      }
      kick(user, wanted.label(), at);
    }
    user.setHolder(Optional.of(wanted));
    change(asker, SsoSession.Brokerage.HELD);
  }

  /** A person logs in elsewhere and takes the session. */
  void takeByHuman(User user, String kind, Instant at) {
    Holder.Human human = new Holder.Human(kind);
    kick(user, human.label(), at);
    user.setHolder(Optional.of(human));
  }

  void release(SsoSession session) {
    if (isHeldBy(session.user(), session)) {
      session.user().setHolder(Optional.empty());
    }
    change(session, SsoSession.Brokerage.LOGGED_OUT);
  }

  /** The session is lost on IBKR's side. */
  void drop(User user) {
    if (user.holder().orElse(null) instanceof Holder.Gateway(SsoSession session)) {
      change(session, SsoSession.Brokerage.NONE);
    }
    user.setHolder(Optional.empty());
  }

  /** Drops the session of a holder that has not called for too long or is no longer logged in. */
  void expire(User user, Instant now) {
    if (user.holder().orElse(null) instanceof Holder.Gateway(SsoSession session)
        && (!session.valid(now) || !now.isBefore(session.lastCall().plus(IDLE_TIME)))) {
      drop(user);
    }
  }

  ObjectNode status(SsoSession session) {
    SsoSession.Brokerage state = session.brokerage();
    boolean kickedTrue =
        state == SsoSession.Brokerage.KICKED && faults.active(Fault.Kind.KICKED_TRUE);
    boolean authenticated = state == SsoSession.Brokerage.HELD || kickedTrue;
    boolean competing =
        state == SsoSession.Brokerage.KICKED || state == SsoSession.Brokerage.REFUSED;
    ObjectNode node = Json.object();
    node.put("authenticated", authenticated);
    node.put("competing", competing);
    node.put("connected", state != SsoSession.Brokerage.LOGGED_OUT);
    node.put("MAC", "02:00:5E:10:00:01");
    if (state == SsoSession.Brokerage.LOGGED_OUT) {
      return node;
    }
    if (!faults.active(Fault.Kind.WITHOUT_ESTABLISHED)) {
      node.put("established", authenticated);
    }
    node.put("message", "");
    node.put("hardware_info", "00000000|02:00:5E:10:00:01");
    node.putObject("serverInfo")
        .put("serverName", "SIMULATOR")
        .put("serverVersion", "Build 10.44.1d");
    node.put("fail", "");
    return node;
  }

  private void change(SsoSession session, SsoSession.Brokerage next) {
    if (session.brokerage() != next) {
      session.setBrokerage(next);
      changes.accept(session);
    }
  }

  private static boolean isHeldBy(User user, SsoSession session) {
    return user.holder().orElse(null) instanceof Holder.Gateway(SsoSession held) && held == session;
  }

  private void kick(User user, String by, Instant at) {
    Optional<Holder> former = user.holder();
    if (former.isEmpty()) {
      return;
    }
    if (former.get() instanceof Holder.Gateway(SsoSession session)) {
      change(session, SsoSession.Brokerage.KICKED);
    }
    report.displaced(at, user.name(), former.get().label(), by);
  }
}
