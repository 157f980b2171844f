package io.understudy.node.wire;

/** A message that is no value of the core: cut off, of another format, or out of range. */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
