package io.understudy.node.sim;

import com.google.common.collect.Iterables;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.SessionId;
import java.util.Optional;
import java.util.function.Function;

/** What one life asks of the ensemble: renewals on a lane of their own, all else on another. */
final class CoordinationLanes {
  private final World world;
  private final Chance chance;
  private final Cluster cluster;
  private final Daemon daemon;
  private final Lane lease = new Lane();
  private final Lane others = new Lane();

  CoordinationLanes(World world, Cluster cluster, Daemon daemon) {
    this.world = world;
    this.cluster = cluster;
    this.daemon = daemon;
    chance = daemon.machine().chance();
  }

  void renew(Effect.RenewLease renew) {
    lease.run(done -> renew(renew, done));
  }

  private void renew(Effect.RenewLease renew, Runnable done) {
    MonotonicTime sentAt = daemon.machine().monotonic();
    daemon.renewalSent(sentAt);
    daemon
        .client()
        .call(
            session -> cluster.ensemble().register(session, renew.self()),
            written -> sync(renew.id(), sentAt, written.flatMap(id -> id), done));
  }

  /** Goes the same way behind the answer to the write. */
  private void sync(EffectId id, MonotonicTime sentAt, Optional<SessionId> written, Runnable done) {
    MonotonicTime writtenAt = daemon.machine().monotonic();
    if (written.isEmpty()) {
      renewed(id, sentAt, writtenAt, written, done);
      return;
    }
    daemon
        .client()
        .call(
            cluster.ensemble()::sync,
            synced -> renewed(id, sentAt, writtenAt, synced.filter(written.get()::equals), done));
  }

  private void renewed(
      EffectId id,
      MonotonicTime sentAt,
      MonotonicTime writtenAt,
      Optional<SessionId> session,
      Runnable done) {
    daemon.observe(
        session.isPresent()
            ? new Observation.LeaseRenewed(id, session.get(), sentAt, writtenAt)
            : new Observation.EffectFinished(id, false, "no answer"));
    done.run();
  }

  void read(Effect.ReadCoordination read) {
    others.run(done -> read(read.id(), done));
  }

  private void read(EffectId id, Runnable done) {
    MonotonicTime startedAt = daemon.machine().monotonic();
    daemon
        .client()
        .call(
            cluster.ensemble()::readRecords,
            cluster.ensemble()::readEntries,
            answer -> {
              daemon.observe(new Observation.CoordinationRead(id, startedAt, answer));
              done.run();
            });
  }

  void join(Effect.JoinElection join) {
    call(join.id(), session -> cluster.ensemble().join(session, join.gateway()));
  }

  void tell(Effect.RecordHistory line) {
    call(line.id(), _ -> true);
  }

  private void call(EffectId id, Function<Ensemble.Session, Boolean> request) {
    others.run(
        done -> daemon.client().call(request, answer -> finish(id, answer.isPresent(), done)));
  }

  private void finish(EffectId id, boolean succeeded, Runnable done) {
    daemon.finish(id, succeeded);
    done.run();
  }

  /** The entry is given up first, and then removed: at once, and in the background until it is. */
  void leave(Effect.LeaveElection leave) {
    GatewayId gateway = leave.gateway();
    others.run(done -> {
      cluster.decisive(daemon.machine());
      Client client = daemon.client();
      Optional<Election.Ticket> own = giveUp(client, client.session(), gateway);
      client.call(
          // Without one, the request for one may have been under way until now.
          session -> remove(gateway, own.or(() -> giveUp(client, session, gateway))),
          answer -> finish(leave.id(), answer.isPresent(), done));
    });
  }

  private Optional<Election.Ticket> giveUp(
      Client client, Ensemble.Session session, GatewayId gateway) {
    Optional<Election.Ticket> own = cluster.ensemble().disown(session, gateway);
    own.ifPresent(ticket -> removeLater(client, gateway, ticket));
    return own;
  }

  private boolean remove(GatewayId gateway, Optional<Election.Ticket> ticket) {
    if (ticket.filter(given -> cluster.ensemble().remove(given, gateway)).isPresent()) {
      cluster.decisive(daemon.machine());
    }
    return true;
  }

  private void removeLater(Client client, GatewayId gateway, Election.Ticket ticket) {
    daemon.later(
        chance.millis(20, 3_000),
        () ->
            client.call(
                _ -> remove(gateway, Optional.of(ticket)),
                answer -> {
                  if (answer.isEmpty()) {
                    removeLater(client, gateway, ticket);
                  }
                }));
  }

  void write(Effect.Write write) {
    others.run(done -> write(write, done));
  }

  private void write(Effect.Write write, Runnable done) {
    if (cluster.ensemble().isDisowned(write.write())) {
      daemon.observe(new Observation.WriteFinished(write.id(), GuardedWrite.Result.REFUSED));
      done.run();
      return;
    }
    daemon
        .client()
        .call(
            session -> cluster.ensemble().write(session, write.write()),
            answer -> {
              GuardedWrite.Result result = answer.orElse(GuardedWrite.Result.INDETERMINATE);
              world.note(() -> daemon.id() + " write " + shortly(write.write()) + " " + result);
              daemon.observe(new Observation.WriteFinished(write.id(), result));
              done.run();
            });
  }

  private static String shortly(GuardedWrite write) {
    StringBuilder text = new StringBuilder(write.gateway().value());
    for (GuardedWrite.Update update : write.updates()) {
      text.append(' ');
      switch (update) {
        case GuardedWrite.ClaimUpdate claim -> text.append("claim ").append(claim.claim().epoch());
        case GuardedWrite.CustodyUpdate custody ->
            text.append("custody ").append(custody.custody().map(c -> c.epoch()));
        case GuardedWrite.LedgerUpdate ledger ->
            text.append("ledger ")
                .append(Iterables.getLast(ledger.ledger().attempts(), null))
                .append(" failures ")
                .append(ledger.ledger().failuresInRow())
                .append(' ')
                .append(ledger.ledger().lastStep())
                .append(' ')
                .append(ledger.ledger().lockedUntil());
        case GuardedWrite.DirectivesUpdate directives ->
            text.append("directives ").append(directives.directives().switchover());
        case GuardedWrite.MarksUpdate marks -> text.append("marks ").append(marks.marks());
        case GuardedWrite.DrillUpdate drill ->
            text.append("drill ")
                .append(drill.drill().id())
                .append(' ')
                .append(drill.drill().stage())
                .append(' ')
                .append(drill.drill().sentence());
      }
    }
    return text.toString();
  }
}
