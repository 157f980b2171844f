package io.understudy.node.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import io.understudy.node.config.LogConfig;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** The log of this process: logback.xml before the configuration is read, and what it says then. */
public final class DaemonLog {
  private static final String OURS = "io.understudy";

  private DaemonLog() {}

  /** Brings what java.util.logging is told into the same log. Once, at the very beginning. */
  public static void begin() {
    JavaLogging.forward();
  }

  /** From now on as configured. A logback.xml of somebody's own keeps its forms. */
  public static void use(LogConfig config) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      use(config, context);
    }
  }

  static void use(LogConfig config, LoggerContext context) {
    context.getLogger(OURS).setLevel(level(config.level()));
    Iterator<Appender<ILoggingEvent>> appenders =
        context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
    while (appenders.hasNext()) {
      if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> appender
          && appender.getEncoder() instanceof LineEncoder encoder) {
        encoder.use(config.format());
      }
    }
  }

  private static Level level(LogConfig.Level level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
    };
  }
}
