package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;

/** How the daemons log; the same on every node. */
@Immutable
public record Log(Format format, Level level) {
  public static final Log DEFAULT = new Log(Format.TEXT, Level.INFO);

  /** What a line looks like. */
  public enum Format {
    TEXT,
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
