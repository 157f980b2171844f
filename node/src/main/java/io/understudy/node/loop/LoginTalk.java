package io.understudy.node.loop;

import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.spi.CodeSource;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.LeaseGuard;
import io.understudy.node.spi.LoginConversation;
import io.understudy.node.spi.Secret;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The conversation of one login between the driver's lane and the core: a code asked for becomes an
 * observation, the core's grant comes back here. Used by the login lane; grants and the end come
 * from the loop's thread.
 */
final class LoginTalk implements LoginConversation {
  /**
   * Less than this left in the step when the code reaches the page, and it is not shown: the page
   * would be too late.
   */
  private static final Duration SUBMIT_MIN = Duration.ofSeconds(4);

  private sealed interface Answer {}

  private record Granted(TotpStep step) implements Answer {}

  private record Refused(String sentence) implements Answer {}

  private final EffectId login;
  private final CellDrivers cell;
  private final Epoch epoch;
  private final LeaseGuard guard;
  private final Clocks clocks;
  private final Mailbox mailbox;
  private final OperatorCodes operatorCodes;
  private final Consumer<String> progress;
  private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private int asked;

  LoginTalk(
      EffectId login,
      CellDrivers cell,
      Epoch epoch,
      LeaseGuard guard,
      Clocks clocks,
      Mailbox mailbox,
      OperatorCodes operatorCodes,
      Consumer<String> progress) {
    this.login = login;
    this.cell = cell;
    this.epoch = epoch;
    this.guard = guard;
    this.clocks = clocks;
    this.mailbox = mailbox;
    this.operatorCodes = operatorCodes;
    this.progress = progress;
  }

  EffectId login() {
    return login;
  }

  void grant(TotpStep step) {
    answers.add(new Granted(step));
  }

  void refuse(String sentence) {
    answers.add(new Refused(sentence));
  }

  @Override
  public Secret requestCode(Duration timeout) throws LoginAbandoned {
    asked++;
    mailbox.post(new Observation.CodeRequested(login, cell.id(), asked));
    return switch (await(timeout)) {
      case Refused refused -> throw new LoginAbandoned(refused.sentence());
      case Granted granted -> code(granted.step());
    };
  }

  private Answer await(Duration timeout) throws LoginAbandoned {
    try {
      Answer answer = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (answer == null) {
        throw new LoginAbandoned("no one-time code was to be had in time");
      }
      return answer;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new LoginAbandoned("the login was cut short");
    }
  }

  private Secret code(TotpStep step) throws LoginAbandoned {
    checkEntitled();
    if (step.remaining(clocks.now().wall()).compareTo(SUBMIT_MIN) < 0) {
      throw new LoginAbandoned("the code's time step is nearly over");
    }
    if (cell.secondFactor() == SecondFactorKind.OPERATOR) {
      return operatorCodes
          .take(cell.id())
          .orElseThrow(() -> new LoginAbandoned("the operator's code is gone"));
    }
    try {
      CodeSource source =
          cell.codes()
              .orElseThrow(
                  () -> new LoginAbandoned("the page asks for a code and none is configured"));
      return source.codeAt(step);
    } catch (DriverException e) {
      throw new LoginAbandoned(e.getMessage());
    }
  }

  @Override
  public void checkEntitled() throws LoginAbandoned {
    if (!guard.permits(cell.id(), epoch)) {
      throw new LoginAbandoned("the right to lead has ended");
    }
  }

  @Override
  public void progress(String sentence) {
    progress.accept(sentence);
  }
}
