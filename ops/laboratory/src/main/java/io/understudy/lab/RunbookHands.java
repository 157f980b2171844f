package io.understudy.lab;

import com.google.common.base.Splitter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Carries out what a person types at a desk, or as root on a host. */
final class RunbookHands {
  private static final Pattern SYSTEMCTL = Pattern.compile("systemctl (start|stop|restart) (.+)");
  private static final String DAEMON = "understudyd";
  private static final String SERVER = "understudy-zookeeper";

  private final RunbookShell shell;
  private final @Nullable RunbookWorld world;

  /**
   * @param world absent where there is the operator's machine alone
   */
  RunbookHands(RunbookShell shell, Optional<RunbookWorld> world) {
    this.shell = shell;
    this.world = world.orElse(null);
  }

  /**
   * Types the command and waits for its end.
   *
   * @param host empty for the operator's machine
   * @throws LabException when there is no such host or unit
   */
  Finished type(Optional<String> host, String command) {
    if (host.isEmpty()) {
      return shell.types(command);
    }
    Matcher systemctl = SYSTEMCTL.matcher(command);
    if (!systemctl.matches()) {
      return shell.types(host.orElseThrow(), command);
    }
    for (String unit : Splitter.on(' ').split(systemctl.group(2))) {
      play(systemctl.group(1), host.orElseThrow(), unit);
    }
    return new Finished(0, "", Duration.ZERO);
  }

  /** What systemd would do; the lab has none. */
  private void play(String verb, String host, String unit) {
    if (!Set.of(DAEMON, SERVER).contains(unit)) {
      throw new LabException("The lab has no unit " + unit);
    }
    boolean daemon = unit.equals(DAEMON);
    if (!verb.equals("start")) {
      if (daemon) {
        world().stopDaemon(host);
      } else {
        world().stopServer(host);
      }
    }
    if (!verb.equals("stop")) {
      if (daemon) {
        world().startDaemon(host);
      } else {
        world().startServer(host);
      }
    }
  }

  private RunbookWorld world() {
    if (world == null) {
      throw new LabException("There is no cluster here");
    }
    return world;
  }
}
