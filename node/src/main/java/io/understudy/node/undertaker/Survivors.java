package io.understudy.node.undertaker;

import io.understudy.node.undertaker.Processes.Seen;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What a dead daemon may have left running: its gateways' processes with their process groups, and,
 * where its control group is known, everything in that.
 */
final class Survivors {
  private static final Duration END_MAX = Duration.ofSeconds(5);
  private static final Duration PORT_MAX = Duration.ofSeconds(1);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(3).toNanos();
  private static final int LISTEN_MILLIS_MAX = 500;

  private final LifeRecord record;
  private final Optional<ControlGroup> controlGroup;
  private final Consumer<Seen> killing;
  private final Duration endMax;
  private final long self = ProcessHandle.current().pid();

  Survivors(LifeRecord record, Optional<ControlGroup> controlGroup) {
    this(record, controlGroup, Processes::kill, END_MAX);
  }

  Survivors(
      LifeRecord record,
      Optional<ControlGroup> controlGroup,
      Consumer<Seen> killing,
      Duration endMax) {
    this.record = record;
    this.controlGroup = controlGroup;
    this.killing = killing;
    this.endMax = endMax;
  }

  /**
   * Kills all of them and returns when they are gone, which two looks in a row must say: one that
   * was being started while we looked shows up in the second.
   *
   * @return how many were killed
   * @throws RefusedException if one does not go, or cannot be looked at
   */
  int end() throws RefusedException, IOException {
    Set<Seen> killed = new LinkedHashSet<>();
    long end = System.nanoTime() + endMax.toNanos();
    for (boolean gone = false; ; ) {
      Look look = look(killed);
      if (look.nobody() && gone) {
        return killed.size();
      }
      gone = look.nobody();
      if (!gone && System.nanoTime() > end) {
        throw new RefusedException(refusal(look));
      }
      for (Seen survivor : look.found()) {
        killing.accept(survivor);
        boolean _ = killed.add(identity(survivor));
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Returns when nobody listens on any gateway's API port. */
  void awaitClosedPorts() throws RefusedException {
    long end = System.nanoTime() + PORT_MAX.toNanos();
    for (LifeRecord.Gateway gateway : record.gateways()) {
      while (listens(gateway.port())) {
        if (System.nanoTime() > end) {
          throw new RefusedException(
              "Somebody still listens on port "
                  + gateway.port()
                  + " of gateway "
                  + gateway.name()
                  + ": the session is left to its timeout, find out which program that is");
        }
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
    }
  }

  private static Seen identity(Seen seen) {
    return new Seen(seen.pid(), '-', 0, seen.started());
  }

  /**
   * What one look shows.
   *
   * @param hidden listed in the control group, not in {@code /proc}, and not among the killed, whom
   *     we saw: most ended in between, and the next look does not list them. One that stays is
   *     hidden from us, and may well act
   */
  private record Look(List<Seen> found, List<Long> hidden) {
    boolean nobody() {
      return found.isEmpty() && hidden.isEmpty();
    }
  }

  private static String refusal(Look look) {
    return look.found().isEmpty()
        ? "Process "
            + look.hidden().getFirst()
            + " is in the dead daemon's control group and /proc does not show it: the session is"
            + " left to its timeout, let this unit see all processes (ProtectProc=default, and no"
            + " hidepid at /proc's mount)"
        : "Process "
            + look.found().getFirst().pid()
            + " of the dead daemon does not end although it was"
            + " killed: the session is left to its timeout, look at the process";
  }

  private Look look(Set<Seen> killed) throws IOException {
    List<Seen> acting = Processes.acting();
    Set<Long> pids = new LinkedHashSet<>();
    List<Long> hidden = new ArrayList<>();
    for (long pid : controlGroup.map(ControlGroup::processes).orElse(List.of())) {
      if (Processes.look(pid).isPresent()) {
        boolean _ = pids.add(pid);
      } else if (killed.stream().noneMatch(seen -> seen.pid() == pid)) {
        boolean _ = hidden.add(pid);
      }
    }
    Set<Long> groups = new LinkedHashSet<>();
    for (Seen seen : acting) {
      if (isGateway(seen)) {
        boolean _ = pids.add(seen.pid());
        if (seen.leadsGroup()) {
          boolean _ = groups.add(seen.group());
        }
      }
    }
    List<Seen> found = new ArrayList<>();
    for (Seen seen : acting) {
      if (seen.pid() != self && (pids.contains(seen.pid()) || groups.contains(seen.group()))) {
        found.add(seen);
      }
    }
    return new Look(found, hidden);
  }

  private boolean isGateway(Seen seen) {
    List<String> arguments = Processes.arguments(seen.pid());
    return record.gateways().stream()
        .anyMatch(gateway ->
            gateway.markers().stream().anyMatch(arguments::contains)
                || isRecorded(gateway.pidFile(), seen.pid()));
  }

  /** The pid file holds pid and start time in milliseconds, as Java knows it. */
  private static boolean isRecorded(Path pidFile, long pid) {
    try {
      String[] words = Files.readString(pidFile).strip().split(" ", -1);
      return words.length == 2
          && Long.parseLong(words[0]) == pid
          && ProcessHandle.of(pid)
              .flatMap(process -> process.info().startInstant())
              .map(Instant::toEpochMilli)
              .filter(started -> words[1].equals(Long.toString(started)))
              .isPresent();
    } catch (IOException | NumberFormatException _) {
      // No such file, or not one of ours: then the markers tell.
      return false;
    }
  }

  /** A socket may connect to itself where nobody listens: that counts for nothing. */
  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LISTEN_MILLIS_MAX);
      return socket.getLocalPort() != port;
    } catch (ConnectException _) {
      return false;
    } catch (IOException _) {
      // No answer is not the same as nobody.
      return true;
    }
  }
}
