package io.understudy.node.spi;

import java.util.Arrays;

/**
 * A value that is never shown: {@link #toString} masks it, and it has no equality. {@link #close}
 * forgets it.
 */
public final class Secret implements AutoCloseable {
  private final char[] value;

  public Secret(char[] value) {
    this.value = value.clone();
  }

  public static Secret of(String value) {
    return new Secret(value.toCharArray());
  }

  /** The value, for the one call that needs it. */
  public String reveal() {
    return new String(value);
  }

  public boolean isBlank() {
    return reveal().isBlank();
  }

  @Override
  public void close() {
    Arrays.fill(value, '\0');
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
