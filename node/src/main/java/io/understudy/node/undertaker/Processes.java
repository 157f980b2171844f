package io.understudy.node.undertaker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's list of processes, read anew at each question. Linux.
 *
 * <p>A process is the pair of its pid and its start time: a pid is used again, and nothing is ever
 * signalled whose start time was not compared just before.
 */
final class Processes {
  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private Processes() {}

  /**
   * One process at one instant.
   *
   * @param group the pid of its process group's leader
   * @param started in clock ticks since boot
   */
  record Seen(long pid, char state, long group, long started) {
    /** Whether it can still do anything: a zombie has ended and only waits to be noticed. */
    boolean acts() {
      return state != 'Z' && state != 'X';
    }

    boolean leadsGroup() {
      return group == pid;
    }
  }

  /** The id of this boot of the machine. */
  static String boot() throws IOException {
    return Files.readString(BOOT).strip();
  }

  /** The process with that pid, if there is one. */
  static Optional<Seen> look(long pid) {
    try {
      return Optional.of(
          parse(pid, Files.readString(file(pid, "stat"), StandardCharsets.ISO_8859_1)));
    } catch (IOException _) {
      // It ended while we read, or before.
      return Optional.empty();
    }
  }

  /** All that can still do something. */
  static List<Seen> acting() throws IOException {
    List<Seen> all = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        look(Long.parseLong(entry.getFileName().toString())).filter(Seen::acts).ifPresent(all::add);
      }
    }
    return all;
  }

  /** Its arguments; empty where it has none that we may read. */
  static List<String> arguments(long pid) {
    try {
      return List.of(
          Files.readString(file(pid, "cmdline"), StandardCharsets.UTF_8).split("\0", -1));
    } catch (IOException _) {
      // Ended, or of another user and with characters that are not ours.
      return Collections.emptyList();
    }
  }

  /** Whether that very process, and not a later one of the same pid, can still do something. */
  static boolean acts(long pid, long started) {
    return look(pid).filter(seen -> seen.started() == started && seen.acts()).isPresent();
  }

  /** SIGKILL to that very process, if it is still there. */
  static void kill(Seen process) {
    // The handle keeps the start time too, and compares it again when it sends the signal.
    Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
    if (acts(process.pid(), process.started())) {
      boolean _ = handle.map(ProcessHandle::destroyForcibly).orElse(false);
    }
  }

  private static Path file(long pid, String name) {
    return PROC.resolve(Long.toString(pid)).resolve(name);
  }

  /** {@code pid (name) state ppid pgrp … starttime …}; the name may hold anything. */
  private static Seen parse(long pid, String stat) throws IOException {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    if (fields.length < 20) {
      throw new IOException("unknown form of /proc/" + pid + "/stat");
    }
    return new Seen(
        pid, fields[0].charAt(0), Long.parseLong(fields[2]), Long.parseLong(fields[19]));
  }
}
