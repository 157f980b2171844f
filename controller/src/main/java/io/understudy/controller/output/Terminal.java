package io.understudy.controller.output;

import java.util.Optional;

/** The person at the keyboard, if there is one. */
public interface Terminal {
  /** Whether standard output goes to a screen. */
  boolean outIsScreen();

  /** Whether standard error goes to a screen: live progress and prompts are shown there. */
  boolean errIsScreen();

  /** Whether somebody can be asked: standard input is a keyboard, and the question is seen. */
  boolean canAsk();

  /** The width of the screen, where known. */
  Optional<Integer> columns();

  /** The next line of standard input; empty at its end. */
  Optional<String> readLine();

  /** As {@link #readLine()}, without echo on a keyboard. */
  Optional<String> readSecret();
}
