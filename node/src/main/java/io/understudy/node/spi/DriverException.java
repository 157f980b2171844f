package io.understudy.node.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operating error of a driver: expected now and then, handled by whoever asked. The message is
 * one sentence without secrets.
 */
public final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whether the same call may work later by itself. */
  public enum Kind {
    TRANSIENT,
    PERMANENT
  }

  private final Kind kind;

  private DriverException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public static DriverException transientError(String message) {
    return new DriverException(Kind.TRANSIENT, message, null);
  }

  public static DriverException transientError(String message, Throwable cause) {
    return new DriverException(Kind.TRANSIENT, message, cause);
  }

  public static DriverException permanentError(String message) {
    return new DriverException(Kind.PERMANENT, message, null);
  }

  public static DriverException permanentError(String message, Throwable cause) {
    return new DriverException(Kind.PERMANENT, message, cause);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), kind.name());
  }

  public Kind kind() {
    return kind;
  }
}
