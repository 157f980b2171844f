package io.understudy.node.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.log.LineEncoder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What one class, or the whole project, logs while this is open. */
public final class LogLines implements AutoCloseable {
  private final Logger logger;
  private final @Nullable Level before;
  private final Events events = new Events();

  private LogLines(Logger logger) {
    this.logger = logger;
    before = logger.getLevel();
    events.start();
    logger.addAppender(events);
  }

  /** Any thread may log. */
  private static final class Events extends AppenderBase<ILoggingEvent> {
    private final List<ILoggingEvent> list = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      list.add(event);
    }
  }

  public static LogLines of(Class<?> type) {
    return new LogLines((Logger) LoggerFactory.getLogger(type));
  }

  /** Of every class of the project, down to what is told for debugging. */
  public static LogLines ofAll() {
    LogLines lines = new LogLines((Logger) LoggerFactory.getLogger("io.understudy"));
    lines.logger.setLevel(Level.DEBUG);
    lines.logger.setAdditive(false);
    return lines;
  }

  /** The keys and values of a line, as the daemon would write them. */
  public static ImmutableMap<String, String> fields(ILoggingEvent event) {
    return LineEncoder.fields(event);
  }

  /** All lines so far, oldest first. */
  public ImmutableList<ILoggingEvent> events() {
    return ImmutableList.copyOf(events.list);
  }

  /** The warnings so far, oldest first. */
  public ImmutableList<String> warnings() {
    return events().stream()
        .filter(event -> event.getLevel().equals(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    logger.detachAppender(events);
    logger.setLevel(before);
    logger.setAdditive(true);
  }
}
