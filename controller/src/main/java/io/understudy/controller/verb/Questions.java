package io.understudy.controller.verb;

import io.understudy.controller.client.Failure;
import io.understudy.controller.output.Terminal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Function;

/** Asks the person at the terminal. Whoever gives up, or has no terminal, changes nothing. */
final class Questions {
  private static final int TRIES_MAX = 3;

  private final Terminal terminal;
  private final PrintStream err;

  Questions(Environment environment) {
    this.terminal = environment.terminal();
    this.err = environment.err();
  }

  boolean possible() {
    return terminal.canAsk();
  }

  /** Returns only when it is confirmed. */
  void confirm(Plan.Caution caution) {
    switch (caution) {
      case Plan.None() -> {}
      case Plan.YesNo() -> {
        String answer = ask("Go on? [y/N] ").toLowerCase(Locale.ROOT);
        if (!answer.equals("y") && !answer.equals("yes")) {
          throw Failure.aborted("Not confirmed, nothing was changed.");
        }
      }
      case Plan.TypeName(String what, String name) -> {
        if (!ask("Type the name of " + what + " (" + name + ") to go on: ").equals(name)) {
          throw Failure.aborted("The name does not match, nothing was changed.");
        }
      }
    }
  }

  /** The reason for the history. */
  String reason() {
    String reason = ask("Reason, for the history: ");
    if (reason.isEmpty()) {
      throw Failure.aborted("No reason was given, nothing was changed.");
    }
    return reason;
  }

  /** The one-time code that a login waits for: without echo on a terminal, else a line. */
  String oneTimeCode(String gateway) {
    err.print("One-time code for " + gateway + ": ");
    err.flush();
    String code =
        terminal
            .readSecret()
            .orElseThrow(() ->
                Failure.aborted(
                    "No one-time code was given. The login waits for it a little longer, then"
                        + " ends: see `understudy status`."));
    err.println();
    return code.strip();
  }

  /**
   * An answer that can be used; asks again when it cannot, a few times.
   *
   * @param standard what an empty answer stands for
   * @param meaning throws a {@link Failure} for what it cannot use
   */
  <T> T answer(String question, String standard, Function<String, T> meaning) {
    String prompt = question + (standard.isEmpty() ? ": " : " [" + standard + "]: ");
    for (int tries = 1; ; tries++) {
      String answer = ask(prompt);
      try {
        return meaning.apply(answer.isEmpty() ? standard : answer);
      } catch (Failure unusable) {
        if (tries == TRIES_MAX) {
          throw unusable;
        }
        err.println(unusable.sentence());
      }
    }
  }

  private String ask(String question) {
    err.print(question);
    err.flush();
    return terminal.readLine().orElseThrow(() -> Failure.aborted("Nothing was changed.")).strip();
  }
}
