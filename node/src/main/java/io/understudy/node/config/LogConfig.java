package io.understudy.node.config;

import com.google.errorprone.annotations.Immutable;

/**
 * How the daemon logs.
 *
 * @param level of the daemon's own lines; libraries are quiet whatever it is
 */
@Immutable
public record LogConfig(Format format, Level level) {
  public static final LogConfig DEFAULT = new LogConfig(Format.TEXT, Level.INFO);

  /** What a line looks like. */
  public enum Format {
    /** Words and {@code key=value}. */
    TEXT,
    /** One object a line. */
    JSON
  }

  /** The least that is told. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }
}
