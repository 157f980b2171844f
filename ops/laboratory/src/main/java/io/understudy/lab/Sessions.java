package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sessions of processes, by which the lab finds what a dead program has left behind. */
final class Sessions {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private Sessions() {}

  /** The living processes of the session that the process with this pid began. */
  static ImmutableList<ProcessHandle> of(long leader) {
    return ProcessHandle.allProcesses()
        .filter(process -> sessionOf(process.pid()) == leader && LabProcess.acts(process))
        .collect(ImmutableList.toImmutableList());
  }

  /** Kills them all, also those that are born meanwhile. */
  static void kill(long leader) {
    boolean gone =
        Waiting.until(
            KILL_LIMIT,
            () -> {
              List<ProcessHandle> alive = of(leader);
              signal("KILL", alive.stream().map(ProcessHandle::pid).toList());
              return alive.isEmpty();
            });
    if (!gone) {
      throw new LabException("The processes of session " + leader + " do not end when killed");
    }
  }

  /** Sends a signal by its name, such as STOP; to a process that has gone nothing happens. */
  static void signal(String name, List<Long> pids) {
    String list = String.join(" ", pids.stream().map(Object::toString).toList());
    var _ =
        LabNetwork.run(
            List.of("bash", "-c", "kill -" + name + " " + list + " 2>/dev/null || true"));
  }

  private static long sessionOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // PID (NAME) STATE PARENT GROUP SESSION …; the name may hold anything, also brackets.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
      return Long.parseLong(fields[3]);
    } catch (IOException _) {
      return -1;
    }
  }
}
