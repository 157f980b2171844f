package io.understudy.node.driver.fault;

import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills this process as a crash would, without a word to anybody, and has the host cut off from the
 * tunnel by whoever may do that.
 *
 * <p>The process group is killed only where this process leads it, as it does under a service
 * manager: started from a shell, the group is the shell's.
 */
public final class SelfInflicted implements FaultInjector {
  private static final Logger LOG = LoggerFactory.getLogger(SelfInflicted.class);
  private static final String KILL = "/bin/kill";

  /** What a shell says of a process that was killed. */
  private static final int KILLED = 137;

  private static final Duration KILL_MAX = Duration.ofSeconds(2);

  private final Optional<TunnelCut> cut;

  /** Cuts the host off from the tunnel; that the cut ends does not depend on this process. */
  @FunctionalInterface
  public interface TunnelCut {
    void begin(Duration lasting) throws IOException;
  }

  /** {@code cut} is empty where nobody may cut this host off. */
  public SelfInflicted(Optional<TunnelCut> cut) {
    this.cut = cut;
  }

  @Override
  public void crash() {
    LOG.warn("Kills its own process group for a drill pid={}", ProcessHandle.current().pid());
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      Process kill = new ProcessBuilder(KILL, "-KILL", "--", target()).start();
      boolean ended = kill.waitFor(KILL_MAX.toMillis(), TimeUnit.MILLISECONDS);
      LOG.error("Survived its own kill signal ended={}", ended);
    } catch (IOException | InterruptedException e) {
      LOG.error("Could not send itself a kill signal", e);
    } finally {
      // No hook and no handler runs: that is as near to a crash as it gets.
      Runtime.getRuntime().halt(KILLED);
    }
  }

  private static String target() throws IOException {
    long own = ProcessHandle.current().pid();
    return processGroup() == own ? "-" + own : Long.toString(own);
  }

  /** The fifth field; the second may hold spaces and is in parentheses. */
  private static long processGroup() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
    return Long.parseLong(fields[2]);
  }

  @Override
  public void partition(Duration lasting) throws DriverException {
    if (cut.isEmpty()) {
      throw DriverException.permanentError(
          "This node has no means to be cut off from the tunnel: configure tunnel-socket");
    }
    try {
      cut.orElseThrow().begin(lasting);
    } catch (IOException e) {
      throw DriverException.permanentError(
          "This node could not be cut off from the tunnel: " + e.getMessage(), e);
    }
  }
}
