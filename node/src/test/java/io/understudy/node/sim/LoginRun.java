package io.understudy.node.sim;

import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import java.time.Duration;
import java.util.function.Consumer;

/** One login on the page: credentials, second factor, and IBKR's answer. */
final class LoginRun {
  private static final Duration SUBMIT_MIN = Duration.ofSeconds(4);
  private static final int CODES_MAX = 2;

  private final World world;
  private final Chance chance;
  private final Cluster cluster;
  private final Daemon daemon;
  private final GatewayProgram program;
  private final Effect.Login login;
  private final Consumer<LoginResult> end;
  private final int life;
  private boolean over;
  private boolean submitted;
  private boolean waiting;
  private boolean refuseAll;
  private int asked;

  LoginRun(
      World world,
      Cluster cluster,
      Daemon daemon,
      GatewayProgram program,
      Effect.Login login,
      Consumer<LoginResult> end) {
    this.world = world;
    chance = daemon.machine().chance();
    this.cluster = cluster;
    this.daemon = daemon;
    this.program = program;
    this.login = login;
    this.end = end;
    life = program.life();
  }

  private boolean entitled() {
    return daemon.permits(login.gateway(), login.permit().epoch());
  }

  private void finish(LoginResult.Kind kind) {
    if (!over) {
      over = true;
      end.accept(LoginResult.of(kind, "simulated " + kind));
    }
  }

  private void then(long nanos, Runnable step) {
    daemon.later(
        nanos,
        () -> {
          if (!over) {
            step.run();
          }
        });
  }

  /** What IBKR does with what was submitted, whether or not anybody here still waits for it. */
  private void atBroker(long nanos, Runnable step) {
    world.after(nanos, step);
  }

  void begin() {
    if (!entitled()) {
      finish(LoginResult.Kind.ABANDONED);
      return;
    }
    then(chance.millis(20, 900), this::page);
    cluster.decisive(daemon.machine());
  }

  private void page() {
    if (!program.answers() || program.life() != life) {
      then(chance.millis(100, 2_000), () -> finish(LoginResult.Kind.PAGE_NOT_LOADED));
    } else if (cluster.pageChanged) {
      finish(LoginResult.Kind.PAGE_UNRECOGNISED);
    } else if (!entitled()) {
      finish(LoginResult.Kind.ABANDONED);
    } else {
      cluster.judge().submission(daemon, login.gateway(), login.permit().epoch());
      cluster.judge().attempted(login.gateway());
      submitted = true;
      atBroker(chance.millis(50, 900), this::credentials);
    }
  }

  private void credentials() {
    Username username = program.username();
    if (!username.up) {
      then(chance.millis(500, 8_000), () -> finish(LoginResult.Kind.NO_ANSWER));
    } else if (username.locked()) {
      then(1, () -> lockedOut(username));
    } else if (username.wrongPassword) {
      refused(LoginResult.Kind.CREDENTIALS_REFUSED);
    } else {
      secondFactor(username.secondFactor);
    }
  }

  private void lockedOut(Username username) {
    over = true;
    end.accept(
        new LoginResult(LoginResult.Kind.LOCKED_OUT, "account is locked", username.lockedUntil));
  }

  private void refused(LoginResult.Kind kind) {
    program.username().failed();
    cluster.judge().refused(login.gateway());
    boolean answered = !chance.of(0.1);
    then(1, () -> finish(answered ? kind : LoginResult.Kind.NO_ANSWER));
  }

  private void secondFactor(SecondFactorKind kind) {
    switch (kind) {
      case NONE -> success();
      case PUSH -> {
        if (program.username().missesFactor) {
          atBroker(
              chance.millis(3_000, 9_000), () -> refused(LoginResult.Kind.SECOND_FACTOR_MISSED));
        } else {
          atBroker(chance.millis(300, 6_000), this::success);
        }
      }
      case TOTP, OPERATOR -> ask();
    }
  }

  private void ask() {
    if (over) {
      return;
    }
    asked++;
    waiting = true;
    if (refuseAll) {
      then(0, () -> finish(LoginResult.Kind.ABANDONED));
      return;
    }
    daemon.observe(new Observation.CodeRequested(login.id(), login.gateway(), asked));
    int count = asked;
    then(
        chance.millis(60_000, 75_000),
        () -> {
          if (waiting && count == asked) {
            finish(LoginResult.Kind.ABANDONED);
          }
        });
  }

  void granted(EffectId to, TotpStep step) {
    if (login.id().equals(to) && waiting && !over) {
      waiting = false;
      then(chance.millis(1, 200), () -> code(step));
      cluster.decisive(daemon.machine());
    }
  }

  void refused(EffectId to) {
    if (login.id().equals(to) && waiting) {
      then(1, () -> finish(LoginResult.Kind.ABANDONED));
    }
  }

  /** The fence told the conversation first. */
  void refuseAll() {
    refuseAll = true;
    refused(login.id());
  }

  private void code(TotpStep step) {
    Duration left = step.remaining(daemon.machine().now().wall());
    if (!entitled() || left.compareTo(SUBMIT_MIN) < 0) {
      finish(LoginResult.Kind.ABANDONED);
      return;
    }
    cluster.judge().submission(daemon, login.gateway(), login.permit().epoch());
    cluster.judge().code(daemon, program.username(), step);
    boolean accepted = program.username().accepts(step);
    atBroker(chance.millis(50, 800), () -> verdict(accepted));
  }

  private void verdict(boolean accepted) {
    if (accepted) {
      success();
    } else if (!over && asked < CODES_MAX && chance.of(0.5)) {
      ask();
    } else {
      refused(LoginResult.Kind.CODE_REFUSED);
    }
  }

  private void success() {
    program.username().succeeded();
    cluster.judge().succeeded(login.gateway());
    boolean answered = !chance.of(0.03);
    if (answered || chance.of(0.5)) {
      signOn();
    } else {
      // Long after anybody has waited for it.
      atBroker(chance.millis(100, 20_000), this::signOn);
    }
    then(
        chance.millis(20, 600),
        () -> finish(answered ? LoginResult.Kind.SUBMITTED : LoginResult.Kind.NO_ANSWER));
  }

  private void signOn() {
    if (program.life() == life && program.answers()) {
      program.signOn();
    }
  }

  /** The fence cuts it short. */
  void cut() {
    then(
        chance.millis(0, 50),
        () -> finish(submitted ? LoginResult.Kind.NO_ANSWER : LoginResult.Kind.ABANDONED));
  }
}
