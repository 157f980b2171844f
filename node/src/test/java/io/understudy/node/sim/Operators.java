package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** People at the command line: now and then somebody wants something, of whichever node. */
final class Operators {
  private static final long ANSWER_MAX = 8 * World.SECOND;

  private final World world;
  private final Cluster cluster;
  private final List<Command> asked = new ArrayList<>();
  private final Map<GatewayId, TotpStep> codes = new HashMap<>();
  private final Chance schedule;
  private final Chance typing;
  private int requests;
  private long pauseMax;
  private boolean helpful;
  private boolean away;

  Operators(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
    schedule = world.chance("operators", 0);
    typing = world.chance("typing", 0);
  }

  void begin() {
    pauseMax = schedule.between(8 * World.SECOND, 120 * World.SECOND);
    next(1);
    handInCodes();
  }

  private void next(long number) {
    world.after(
        schedule.between(0, pauseMax),
        () -> {
          if (!away) {
            somethingWanted(number);
            next(number + 1);
          }
        });
  }

  /** The same command may be asked for again, of another node, or late. */
  private void somethingWanted(long number) {
    Chance chance = world.chance("command", number);
    boolean again = !asked.isEmpty() && chance.of(0.2);
    Command command = again ? asked.get(chance.below(asked.size())) : command(chance);
    asked.add(command);
    Machine machine = cluster.machines().get(chance.below(cluster.machines().size()));
    if (machine.daemon().isPresent() && world.does(new Deed(Deed.Kind.COMMAND, number))) {
      ask(machine.daemon().orElseThrow(), command);
    }
  }

  /** Wants something of that node just now, perhaps twice. */
  void interfere(Machine machine, Chance chance) {
    Command command = command(chance);
    machine.daemon().ifPresent(daemon -> ask(daemon, command));
    if (chance.of(0.1)) {
      machine.daemon().ifPresent(daemon -> ask(daemon, command));
    }
  }

  private Command command(Chance chance) {
    GatewayId gateway = cluster.cells().get(chance.below(cluster.cells().size())).gateway();
    Epoch epoch =
        chance.of(0.3)
            ? cluster.ensemble().claim(gateway).map(c -> c.epoch()).orElse(Epoch.NONE)
            : Epoch.NONE;
    Command.Meta meta = meta(gateway, epoch, chance.of(0.1));
    return switch (chance.below(14)) {
      case 0, 1, 2, 3 -> new Command.Failover(meta, target(chance), chance.of(0.3));
      case 4 -> new Command.Logout(meta);
      case 5, 6 -> new Command.Login(meta);
      case 7 -> new Command.SetAutomation(meta, true);
      case 8, 9 -> new Command.SetAutomation(meta, false);
      case 10 -> new Command.HaltTrading(meta);
      case 11 -> new Command.ResumeTrading(meta);
      case 12 ->
          new Command.Reconcile(meta, chance.of(0.5) ? ImmutableList.of("d1") : ImmutableList.of());
      default -> new Command.UnlockLogins(meta);
    };
  }

  private Command.Meta meta(GatewayId gateway, Epoch epoch, boolean dryRun) {
    requests++;
    return new Command.Meta(gateway, "request-" + requests, epoch, "simulated", "ops", dryRun);
  }

  private Optional<NodeId> target(Chance chance) {
    return chance.of(0.3)
        ? Optional.empty()
        : Optional.of(cluster.machines().get(chance.below(cluster.machines().size())).id());
  }

  void ask(Daemon daemon, Command command) {
    cluster.judge().looks(Promise.COMMAND_ANSWERED);
    world.note(() -> "operator asks " + daemon.id() + " " + command);
    boolean[] answered = {false};
    daemon.command(
        command,
        answer -> {
          world.note(() -> "operator hears from " + daemon.id() + " " + answer);
          answered[0] = true;
          boolean accepted = answer instanceof CommandAnswer.Accepted a && !a.repeated();
          if (accepted && command instanceof Command.HaltTrading) {
            cluster.judge().halted(command.meta().gateway());
          }
        });
    expect(daemon, command, answered, world.now());
  }

  /** Every command is answered, unless the process is frozen or gone. */
  private void expect(Daemon daemon, Command command, boolean[] answered, long since) {
    world.after(
        World.SECOND,
        () -> {
          if (answered[0] || !daemon.alive()) {
            return;
          }
          long from =
              daemon.machine().frozen() ? world.now() : Math.max(since, daemon.machine().thawedAt);
          if (world.now() - from > ANSWER_MAX) {
            throw new PromiseBroken(
                Promise.COMMAND_ANSWERED, daemon.id() + " never answers " + command);
          }
          expect(daemon, command, answered, from);
        });
  }

  // ---- codes typed by an operator

  private void handInCodes() {
    world.after(
        typing.millis(1_000, 6_000),
        () -> {
          cluster.cells().stream()
              .filter(cell -> cell.secondFactor() == SecondFactorKind.OPERATOR)
              .forEach(cell -> handIn(cell.gateway()));
          handInCodes();
        });
  }

  private void handIn(GatewayId gateway) {
    TotpStep step = TotpStep.at(world.wall());
    if (step.equals(codes.get(gateway))) {
      return;
    }
    for (Machine machine : cluster.machines()) {
      boolean waits =
          machine
              .daemon()
              .map(d -> d.cell(gateway).reason().code().equals("CodeAwaited"))
              .orElse(false);
      if (waits && (helpful || typing.of(0.5))) {
        codes.put(gateway, step);
        machine.daemon().orElseThrow().edges().operatorCode(gateway);
        return;
      }
    }
  }

  // ---- after the faults

  void goAway() {
    away = true;
    helpful = true;
  }

  /** Undoes every wish, and does what a person would do until the gateway serves. */
  void help() {
    world.after(
        5 * World.SECOND,
        () -> {
          cluster.cells().forEach(cell -> help(cell.gateway()));
          help();
        });
  }

  private void help(GatewayId gateway) {
    for (Machine machine : cluster.machines()) {
      if (machine.daemon().isPresent()) {
        Daemon daemon = machine.daemon().orElseThrow();
        NodeRecord.CellRecord cell = daemon.cell(gateway);
        wish(gateway, cell).ifPresent(command -> ask(daemon, command));
      }
    }
  }

  private Optional<Command> wish(GatewayId gateway, NodeRecord.CellRecord cell) {
    var directives = cluster.ensemble().directives(gateway);
    Command.Meta meta = meta(gateway, Epoch.NONE, false);
    if (directives.paused()) {
      return Optional.of(new Command.SetAutomation(meta, false));
    }
    if (directives.tradingHalted()) {
      return Optional.of(new Command.ResumeTrading(meta));
    }
    if (cluster.ensemble().ledger(gateway).lockedUntil().isPresent()) {
      return Optional.of(new Command.UnlockLogins(meta));
    }
    if (directives.loggedOut()) {
      return Optional.of(new Command.Login(meta));
    }
    return switch (cell.reason().code()) {
      case "LoginsLocked", "LoginBudgetSpent", "LOCKED_OUT" ->
          Optional.of(new Command.UnlockLogins(meta));
      case "PositionsDiffer" -> Optional.of(new Command.Reconcile(meta, ImmutableList.of()));
      default ->
          cell.phase() == Phase.NEEDS_OPERATOR
              ? Optional.of(new Command.Login(meta))
              : Optional.empty();
    };
  }
}
