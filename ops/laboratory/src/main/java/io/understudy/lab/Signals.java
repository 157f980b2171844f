package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Signals to processes that the lab started, or that those started. */
final class Signals {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private Signals() {}

  /**
   * Sends a signal by its name, such as STOP, to all of them in one command: as little time between
   * them as can be. To a process that has gone nothing happens.
   */
  static void send(String name, List<Long> pids) {
    String list = String.join(" ", pids.stream().map(Object::toString).toList());
    var _ =
        LabNetwork.run(
            List.of("bash", "-c", "kill -" + name + " " + list + " 2>/dev/null || true"));
  }

  /** Kills the whole group, also those that are born meanwhile. */
  static void killAll(Supplier<ImmutableList<Long>> group) {
    boolean gone =
        Waiting.until(
            KILL_LIMIT,
            () -> {
              ImmutableList<Long> alive = group.get();
              if (!alive.isEmpty()) {
                send("KILL", alive);
              }
              return alive.isEmpty();
            });
    if (!gone) {
      throw new LabException("The processes " + group.get() + " do not end when killed");
    }
  }
}
