package io.understudy.simulator.broker;

/** Something that a person or a script asked for cannot be read; the message says what and why. */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadInputException(String message) {
    super(message);
  }
}
