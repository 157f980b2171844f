package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.understudy.node.core.account.AccountFigures;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.account.OrderCounts;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** The lanes of one life and what is done on them. */
final class Edges {
  /** A fence is over by then, with or without success. */
  static final Duration FENCE_MAX = Duration.ofMillis(250);

  /** Opening or shutting the relay, on a machine that is busy. */
  private static final Duration RELAY_MAX = Duration.ofMillis(400);

  private static final Duration NEAR = Duration.ofMillis(5);
  private static final Duration FAR = Duration.ofMillis(200);
  private static final Duration ACCOUNT_READ = Duration.ofMillis(80);

  static final class Cell {
    final GatewayId gateway;
    final GatewayProgram program;
    final Lane action = new Lane();
    final Lane probe = new Lane();
    final Lane fence = new Lane();
    final Lane relay = new Lane();
    final Lane peer = new Lane();
    final Judge.Notes notes = new Judge.Notes();
    Optional<Epoch> relayOpen = Optional.empty();
    Optional<LoginRun> login = Optional.empty();
    int operatorCodes;

    Cell(GatewayId gateway, GatewayProgram program) {
      this.gateway = gateway;
      this.program = program;
    }
  }

  private final World world;
  private final Chance chance;
  private final Cluster cluster;
  private final Daemon daemon;
  private final Probes probes;
  private final DrillFaults faults;
  private final CoordinationLanes coordination;
  private final ImmutableList<Cell> cells;
  private final ImmutableMap<GatewayId, Cell> cellById;

  Edges(World world, Cluster cluster, Daemon daemon) {
    this.world = world;
    this.cluster = cluster;
    this.daemon = daemon;
    chance = daemon.machine().chance();
    probes = new Probes(world, cluster, daemon);
    faults = new DrillFaults(world, cluster, daemon);
    coordination = new CoordinationLanes(world, cluster, daemon);
    cells =
        daemon.settings().cells().stream()
            .map(cell -> new Cell(cell.gateway(), program(cell.gateway())))
            .collect(ImmutableList.toImmutableList());
    cellById = Maps.uniqueIndex(cells, cell -> cell.gateway);
  }

  Cell cell(GatewayId gateway) {
    return Optional.ofNullable(cellById.get(gateway)).orElseThrow();
  }

  private GatewayProgram program(GatewayId gateway) {
    return daemon.machine().program(gateway);
  }

  /** The epoch under which the relay was opened, if it was. */
  Optional<Epoch> relayOpen(GatewayId gateway) {
    return cell(gateway).relayOpen;
  }

  ImmutableList<Cell> cells() {
    return cells;
  }

  /** The relay asks the guard between each read and each write. */
  boolean forwards(Cell cell) {
    return cell.relayOpen.isPresent() && daemon.permits(cell.gateway, cell.relayOpen.orElseThrow());
  }

  boolean forwards(GatewayId gateway) {
    return forwards(cell(gateway));
  }

  void carryOut(Effect effect) {
    switch (effect) {
      case Effect.RenewLease renew -> coordination.renew(renew);
      case Effect.ReadCoordination read -> coordination.read(read);
      case Effect.JoinElection join -> coordination.join(join);
      case Effect.LeaveElection leave -> coordination.leave(leave);
      case Effect.RecordHistory line -> coordination.tell(line);
      case Effect.Write write -> coordination.write(write);
      case Effect.CallFormerHolder call ->
          cell(call.gateway()).peer.run(done -> callFormer(call, done));
      case Effect.ProbePeer probe -> probes.send(probe);
      case Effect.StartGateway start ->
          cell(start.gateway()).action.run(done -> start(start, done));
      case Effect.ProbeGateway probe -> cell(probe.gateway()).probe.run(done -> probe(probe, done));
      case Effect.Login login -> cell(login.gateway()).action.run(done -> login(login, done));
      case Effect.GrantCode grant ->
          cell(grant.gateway()).login.ifPresent(run -> run.granted(grant.login(), grant.step()));
      case Effect.RefuseCode refuse ->
          cell(refuse.gateway()).login.ifPresent(run -> run.refused(refuse.login()));
      case Effect.ReopenSession reopen ->
          cell(reopen.gateway()).action.run(done -> reopen(reopen, done));
      case Effect.Logout logout -> cell(logout.gateway()).action.run(done -> logout(logout, done));
      case Effect.FenceGateway fence -> fence(fence);
      case Effect.ComparePositions compare ->
          cell(compare.gateway()).action.run(done -> compare(compare, done));
      case Effect.ReadAccount read ->
          cell(read.gateway()).action.run(done -> readAccount(read, done));
      case Effect.InjectFault fault -> faults.inject(fault);
      case Effect.OpenRelay open ->
          cell(open.gateway())
              .relay
              .run(done -> relay(open.gateway(), open.id(), Optional.of(open.epoch()), done));
      case Effect.ShutRelay shut ->
          cell(shut.gateway())
              .relay
              .run(done -> relay(shut.gateway(), shut.id(), Optional.empty(), done));
      case Effect.AnswerCommand _, Effect.AnswerRelinquish _, Effect.Exit _ ->
          throw new IllegalStateException("not for a lane: " + effect);
    }
  }

  private void finish(EffectId id, boolean succeeded, Runnable done) {
    daemon.finish(id, succeeded);
    done.run();
  }

  // ---- the former holder

  private void callFormer(Effect.CallFormerHolder call, Runnable done) {
    boolean[] over = {false};
    daemon.later(
        call.timeout().toNanos(),
        () -> {
          if (!over[0]) {
            over[0] = true;
            finish(call.id(), false, done);
          }
        });
    Machine target = cluster.machine(call.node());
    world.after(
        daemon.machine().travel(),
        () -> {
          if (!cluster.reaches(daemon.machine(), target)) {
            return;
          }
          target
              .daemon()
              .ifPresent(former ->
                  former.relinquish(
                      daemon.id(),
                      call.gateway(),
                      call.epoch(),
                      refusal ->
                          daemon.later(
                              target.travel(),
                              () -> {
                                if (!over[0] && cluster.reaches(target, daemon.machine())) {
                                  over[0] = true;
                                  finish(call.id(), refusal.isEmpty(), done);
                                }
                              })));
        });
  }

  // ---- gateway

  private void start(Effect.StartGateway start, Runnable done) {
    GatewayProgram program = program(start.gateway());
    program.start();
    await(program, world.now() + 5 * World.SECOND, start.id(), done);
  }

  private void await(GatewayProgram program, long until, EffectId id, Runnable done) {
    if (program.answers()) {
      finish(id, true, done);
    } else if (world.now() >= until) {
      finish(id, false, done);
    } else {
      daemon.later(chance.millis(20, 120), () -> await(program, until, id, done));
    }
  }

  private void probe(Effect.ProbeGateway probe, Runnable done) {
    GatewayProgram program = program(probe.gateway());
    long length = program.hung ? chance.millis(1_000, 4_000) : chance.delay(NEAR, FAR);
    long look = chance.between(0, length);
    daemon.later(
        look,
        () -> {
          var status = program.status(daemon.machine().wallOffset.negated());
          daemon.later(
              length - look,
              () -> {
                daemon.observe(new Observation.GatewayProbed(probe.id(), probe.gateway(), status));
                done.run();
              });
        });
  }

  private void login(Effect.Login login, Runnable done) {
    Cell cell = cell(login.gateway());
    LoginRun run =
        new LoginRun(
            world,
            cluster,
            daemon,
            program(login.gateway()),
            login,
            result -> {
              world.note(() -> daemon.id() + " login " + login.permit() + " " + result);
              daemon.observe(new Observation.LoginFinished(login.id(), result));
              done.run();
            });
    cell.login = Optional.of(run);
    cell.action.onCut(run::cut);
    run.begin();
  }

  /** An operator hands in a code. */
  void operatorCode(GatewayId gateway) {
    Cell cell = cell(gateway);
    cell.operatorCodes++;
    daemon.observe(new Observation.OperatorCodeArrived(gateway, cell.operatorCodes));
  }

  private void reopen(Effect.ReopenSession reopen, Runnable done) {
    if (!daemon.permits(reopen.gateway(), reopen.epoch())) {
      finish(reopen.id(), false, done);
      return;
    }
    cluster.judge().submission(daemon, reopen.gateway(), reopen.epoch());
    GatewayProgram program = program(reopen.gateway());
    int life = program.life();
    boolean[] over = {false};
    cell(reopen.gateway())
        .action
        .onCut(() -> {
          if (!over[0]) {
            over[0] = true;
            finish(reopen.id(), false, done);
          }
        });
    daemon.later(
        chance.millis(50, 800),
        () -> {
          if (!over[0]) {
            over[0] = true;
            boolean works =
                program.life() == life && !chance.of(0.1) && program.reopen(reopen.compete());
            finish(reopen.id(), works, done);
          }
        });
  }

  private void logout(Effect.Logout logout, Runnable done) {
    GatewayProgram program = program(logout.gateway());
    boolean works = program.answers() && !(daemon.machine().fencesFail && chance.of(0.5));
    daemon.later(
        program.hung ? chance.millis(2_000, 4_000) : chance.millis(5, 300),
        () -> {
          if (works) {
            program.end();
          } else if (chance.of(0.3) && program.answers()) {
            program.halfLoggedOut();
          }
          stopped(logout.id(), works, done);
        });
    cluster.decisive(daemon.machine());
  }

  private void fence(Effect.FenceGateway fence) {
    Cell cell = cell(fence.gateway());
    cell.login.ifPresent(LoginRun::refuseAll);
    cell.fence.run(done -> {
      cell.action.cut();
      boolean works = !(daemon.machine().fencesFail && chance.of(0.5));
      daemon.later(
          chance.delay(Duration.ofMillis(60), FENCE_MAX),
          () -> {
            if (works || chance.of(0.3)) {
              program(fence.gateway()).end();
            }
            stopped(fence.id(), works, done);
          });
      cluster.decisive(daemon.machine());
    });
  }

  /** The news of it is not in the mailbox yet. */
  private void stopped(EffectId id, boolean confirmed, Runnable done) {
    cluster.decisive(daemon.machine());
    daemon.later(0, () -> finish(id, confirmed, done));
  }

  private void compare(Effect.ComparePositions compare, Runnable done) {
    GatewayProgram program = program(compare.gateway());
    Epoch epoch = daemon.cell(compare.gateway()).epoch();
    daemon.later(
        program.username().positionsSlow
            ? chance.millis(500, 6_000)
            : chance.delay(Duration.ofMillis(30), Duration.ofSeconds(1)),
        () -> {
          boolean readable = program.established() && program.answers() && program.username().up;
          Optional<ReconciliationReport> report =
              readable ? Optional.of(report(program, compare)) : Optional.empty();
          cluster.judge().compared(daemon, compare.gateway(), epoch, report);
          daemon.observe(
              new Observation.PositionsCompared(compare.id(), report, "positions out of reach"));
          done.run();
        });
  }

  /** Draws no chances of its own, and is worth something else each time. */
  private void readAccount(Effect.ReadAccount read, Runnable done) {
    if (!daemon.permits(read.gateway(), read.epoch())) {
      daemon.observe(
          new Observation.AccountRead(
              read.id(), read.gateway(), Optional.empty(), "the right to lead has ended"));
      done.run();
      return;
    }
    GatewayProgram program = program(read.gateway());
    daemon.later(
        ACCOUNT_READ.toNanos(),
        () -> {
          boolean readable = program.established() && program.answers() && program.username().up;
          BigDecimal worth = BigDecimal.valueOf(1_000_000 + world.now() / World.SECOND % 600);
          AccountReading reading =
              new AccountReading(
                  ImmutableList.of(
                      new AccountFigures(
                          "U1", "USD", worth, Optional.of(worth), Optional.of(worth))),
                  OrderCounts.NONE,
                  true);
          daemon.observe(
              new Observation.AccountRead(
                  read.id(),
                  read.gateway(),
                  readable ? Optional.of(reading) : Optional.empty(),
                  "the account is out of reach"));
          done.run();
        });
  }

  private static ReconciliationReport report(
      GatewayProgram program, Effect.ComparePositions compare) {
    Discrepancy difference =
        new Discrepancy(
            "d1", "U1", "265598", "STK", BigDecimal.ONE, BigDecimal.TWO, BigDecimal.ZERO);
    boolean differs =
        program.username().positionsDiffer && !compare.accepted().contains(difference.id());
    return new ReconciliationReport(
        1, differs ? ImmutableList.of(difference) : ImmutableList.of(), 0, -1);
  }

  private void relay(GatewayId gateway, EffectId id, Optional<Epoch> open, Runnable done) {
    daemon.later(
        chance.delay(Duration.ofMillis(1), RELAY_MAX),
        () -> {
          boolean works = open.isEmpty() || chance.of(0.98);
          if (works) {
            cell(gateway).relayOpen = open;
          }
          finish(id, works, done);
        });
  }
}
