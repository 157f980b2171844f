package io.understudy.node.driver.journal;

/** A line that is not one of a journal, or of another version of it. */
final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLineException(String message) {
    super(message);
  }

  MalformedLineException(String message, Throwable cause) {
    super(message, cause);
  }
}
