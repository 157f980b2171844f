package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A machine of the lab with a Debian of its own, as its administrator sees it.
 *
 * @param role as the cluster file says it; {@code stranger} for the one that is no part of the
 *     cluster
 * @param publicAddress on the internet of the lab
 * @param tunnelAddress inside the tunnel; a dash for the stranger
 * @param folder what the lab keeps of it: {@code disk}, its root, and {@code enter}, a script that
 *     runs a command on it
 */
record DebianHost(String id, String role, String publicAddress, String tunnelAddress, Path folder) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Reads a line of the table of hosts. */
  static DebianHost parse(String line, Path world) {
    String[] fields = line.split(" ", -1);
    if (fields.length != 4) {
      throw new LabException("The table of hosts has the line '" + line + "'");
    }
    return new DebianHost(fields[0], fields[1], fields[2], fields[3], world.resolve(fields[0]));
  }

  boolean node() {
    return role.equals("primary") || role.equals("standby");
  }

  boolean votes() {
    return node() || role.equals("witness");
  }

  boolean member() {
    return !role.equals("stranger");
  }

  /** Its file system, seen from outside. */
  Path disk(String path) {
    return folder.resolve("disk").resolve(path.replaceFirst("^/", ""));
  }

  /** What a command begins with to run on it, as root. */
  ImmutableList<String> prefix() {
    return ImmutableList.of(folder.resolve("enter").toString());
  }

  /** For programs of this machine that are to use its network: they share nothing else with it. */
  Host network() {
    return new Host(
        id,
        tunnelAddress,
        tunnelAddress,
        ImmutableList.of("nsenter", "--net=/run/netns/" + id, "--"));
  }

  Finished run(Duration limit, String... command) {
    return Finished.run(
        limit,
        id + ": " + String.join(" ", command),
        ImmutableList.<String>builder().addAll(prefix()).addAll(List.of(command)).build());
  }

  boolean succeeds(String... command) {
    return run(LIMIT, command).exitCode() == 0;
  }

  /** What a command printed that has to succeed. */
  String says(String... command) {
    Finished finished = run(LIMIT, command);
    if (finished.exitCode() != 0) {
      throw new LabException(
          "%s: `%s` ended with status %d: %s"
              .formatted(
                  id, String.join(" ", command), finished.exitCode(), finished.output().strip()));
    }
    return finished.output().strip();
  }

  /** The same with a line for the shell. */
  String shell(String line) {
    return says("sh", "-euc", line);
  }

  boolean active(String unit) {
    return succeeds("systemctl", "is-active", "--quiet", unit);
  }

  /** A property of a unit, for example {@code MainPID}. */
  String property(String unit, String property) {
    return says("systemctl", "show", "--property=" + property, "--value", unit);
  }
}
