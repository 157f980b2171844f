package io.understudy.node.log;

import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What gRPC and others tell java.util.logging, as lines of our log instead of a form of its own.
 */
final class JavaLogging extends Handler {
  private static final SimpleFormatter FORMATTER = new SimpleFormatter();

  private JavaLogging() {}

  static void forward() {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(new JavaLogging());
  }

  @Override
  public void publish(LogRecord line) {
    org.slf4j.Logger logger =
        LoggerFactory.getLogger(Optional.ofNullable(line.getLoggerName()).orElse("java"));
    LoggingEventBuilder event =
        line.getLevel().intValue() >= Level.SEVERE.intValue() ? logger.atError() : logger.atWarn();
    if (line.getThrown() != null) {
      event = event.setCause(line.getThrown());
    }
    event.log(FORMATTER.formatMessage(line));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
