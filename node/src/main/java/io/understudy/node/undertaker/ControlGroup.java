package io.understudy.node.undertaker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A control group that belonged to the dead daemon and to nobody else, as the folder that the
 * kernel shows it as.
 */
record ControlGroup(Path folder) {
  private static final Path OWN = Path.of("/proc/self/cgroup");
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int DEPTH_MAX = 8;

  /**
   * The service that we run for, where systemd runs us as its ExecStopPost, which is what {@code
   * SERVICE_RESULT} in the environment says. In any other case our own group may be a whole login
   * session, or that of the supervisor, and is nobody's to kill.
   */
  static Optional<ControlGroup> ofService(Map<String, String> environment) throws IOException {
    return environment.containsKey("SERVICE_RESULT") && Files.exists(OWN)
        ? folder(Files.readAllLines(OWN)).map(ControlGroup::new)
        : Optional.empty();
  }

  /** The folder of the service that these lines of {@code /proc/PID/cgroup} name. */
  static Optional<Path> folder(List<String> lines) {
    for (String line : lines) {
      String[] fields = line.split(":", 3);
      boolean unified = fields.length == 3 && fields[0].equals("0");
      if (unified || (fields.length == 3 && fields[1].equals("name=systemd"))) {
        // With delegation systemd runs us in a subgroup of its own.
        String path = fields[2].replaceFirst("/\\.control$", "");
        Optional<Path> folder =
            Stream.of(ROOT, ROOT.resolve("systemd"), ROOT.resolve("unified"))
                .map(root -> root.resolve(path.substring(1)))
                .filter(candidate -> Files.exists(candidate.resolve("cgroup.procs")))
                .findFirst();
        if (path.endsWith(".service") && folder.isPresent()) {
          return folder;
        }
      }
    }
    return Optional.empty();
  }

  /** The pids of everything in it and below, ourselves included. */
  List<Long> processes() {
    if (!Files.exists(folder)) {
      // The kernel keeps no group of nobody for systemd.
      return List.of();
    }
    try (Stream<Path> files = Files.find(folder, DEPTH_MAX, (file, _) -> isList(file))) {
      List<Long> pids = new ArrayList<>();
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.readAllLines(file).forEach(line -> pids.add(Long.parseLong(line)));
      }
      return pids;
    } catch (IOException e) {
      throw new UncheckedIOException("The control group " + folder + " cannot be read", e);
    }
  }

  private static boolean isList(Path file) {
    return file.getFileName().toString().equals("cgroup.procs");
  }
}
