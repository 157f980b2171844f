package io.understudy.node.driver.systemd;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.spi.Supervisor;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * systemd as the service manager, as its environment variables say: {@code NOTIFY_SOCKET}, {@code
 * WATCHDOG_USEC}, {@code WATCHDOG_PID}. Where the first is missing, nobody is told anything.
 */
public final class NotifySocket implements Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);

  private final DatagramSender sender;
  private final Optional<Duration> watchdogTimeout;
  private final AtomicBoolean failing = new AtomicBoolean();

  private NotifySocket(DatagramSender sender, Optional<Duration> watchdogTimeout) {
    this.sender = sender;
    this.watchdogTimeout = watchdogTimeout;
  }

  /** The service manager that the environment names, or none. */
  public static Supervisor of(Map<String, String> environment) {
    ImmutableMap<String, String> variables = ImmutableMap.copyOf(environment);
    String path = variables.getOrDefault("NOTIFY_SOCKET", "");
    if (path.isEmpty()) {
      return Supervisor.none();
    }
    try {
      return new NotifySocket(new DatagramSender(path), watchdogTimeout(variables));
    } catch (IllegalArgumentException | IOException e) {
      LOG.warn("Cannot tell the service manager anything NOTIFY_SOCKET={}", e.getMessage());
      return Supervisor.none();
    }
  }

  /** Given to another process where WATCHDOG_PID says so: then it is not ours to feed. */
  private static Optional<Duration> watchdogTimeout(ImmutableMap<String, String> variables) {
    String pid = variables.getOrDefault("WATCHDOG_PID", "");
    String micros = variables.getOrDefault("WATCHDOG_USEC", "");
    if (micros.isEmpty()
        || (!pid.isEmpty() && !pid.equals(Long.toString(ProcessHandle.current().pid())))) {
      return Optional.empty();
    }
    try {
      Duration timeout = Duration.of(Long.parseLong(micros), ChronoUnit.MICROS);
      return Optional.of(timeout).filter(Duration::isPositive);
    } catch (NumberFormatException _) {
      LOG.warn("Disregarded the watchdog WATCHDOG_USEC={} (expected: microseconds)", micros);
      return Optional.empty();
    }
  }

  @Override
  public Optional<Duration> watchdogTimeout() {
    return watchdogTimeout;
  }

  @Override
  public void ready() {
    send("READY=1");
  }

  @Override
  public void alive() {
    send("WATCHDOG=1");
  }

  @Override
  public void stopping() {
    send("STOPPING=1");
  }

  /** A line of the protocol is one assignment: what could begin another one is made a space. */
  @Override
  public void status(String sentence) {
    send("STATUS=" + sentence.replaceAll("\\p{Cntrl}", " "));
  }

  private void send(String assignment) {
    try {
      sender.send(assignment);
      failing.set(false);
    } catch (IOException e) {
      if (!failing.getAndSet(true)) {
        LOG.warn("Could not tell the service manager reason=\"{}\"", e.getMessage());
      }
    }
  }
}
