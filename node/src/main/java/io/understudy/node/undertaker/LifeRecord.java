package io.understudy.node.undertaker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * What one life of the daemon leaves behind for the undertaker: who it was, how its gateways are
 * recognised, and the coordination session it had. A private file in the state directory, because
 * whoever knows the password can end the session; {@link #toString} does not show it.
 *
 * @param daemon the process of that life
 * @param gateways all that it may have started, whether they run or not
 */
public record LifeRecord(Life daemon, List<Gateway> gateways, Session session) {
  private static final String FILE = "life.record";
  private static final String VERSION = "1";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  public LifeRecord {
    gateways = List.copyOf(gateways);
  }

  /**
   * A process that cannot be confused with a later one of the same pid.
   *
   * @param boot the kernel's id of the boot
   * @param started in clock ticks since boot
   */
  public record Life(String boot, long pid, long started) {
    /** This very process. */
    public static Life current() throws IOException {
      long pid = ProcessHandle.current().pid();
      return new Life(
          Processes.boot(),
          pid,
          Processes.look(pid)
              .orElseThrow(() -> new IOException("/proc does not list this process"))
              .started());
    }
  }

  /**
   * How the processes of one gateway are recognised.
   *
   * @param markers arguments that only they carry, each alone enough
   * @param pidFile holds pid and start time of the last one, if there is such a file
   * @param port of its API on loopback, on which nobody may listen any more
   */
  public record Gateway(String name, List<String> markers, Path pidFile, int port) {
    public Gateway {
      markers = List.copyOf(markers);
    }
  }

  /**
   * The coordination session.
   *
   * @param connect host:port of the servers, separated by commas
   * @param password in hexadecimal digits
   * @param timeout as negotiated
   */
  public record Session(
      String connect, long id, String password, Duration timeout, Optional<Tls> tls) {
    @Override
    public String toString() {
      return "session at " + connect;
    }
  }

  /** PEM files; only their paths are recorded. */
  public record Tls(Path certificate, Path key, Path authority) {}

  /** Replaces the record of the state directory, all or nothing. */
  public void write(Path stateDirectory) throws IOException {
    Path file = stateDirectory.resolve(FILE);
    Path fresh = stateDirectory.resolve(FILE + ".new");
    Files.deleteIfExists(fresh);
    Path _ = Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    Path _ = Files.writeString(fresh, text());
    Path _ =
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** There is no session to close any more. */
  public static void remove(Path stateDirectory) throws IOException {
    boolean _ = Files.deleteIfExists(stateDirectory.resolve(FILE));
  }

  /** The record of the state directory; empty when the last life was ended in good order. */
  static Optional<LifeRecord> read(Path stateDirectory) throws RefusedException {
    Path file = stateDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new RefusedException(file + " is open to others than its owner: nothing is closed");
      }
      return Optional.of(parse(Files.readAllLines(file)));
    } catch (IOException e) {
      throw new RefusedException(
          file + " cannot be read, so the session is left to its timeout: check its owner");
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw new RefusedException(
          file + " is damaged, so the session is left to its timeout: remove the file");
    }
  }

  private String text() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("version", VERSION);
    lines.put("daemon.boot", daemon.boot());
    lines.put("daemon.pid", Long.toString(daemon.pid()));
    lines.put("daemon.started", Long.toString(daemon.started()));
    lines.put("gateways", Integer.toString(gateways.size()));
    for (int i = 0; i < gateways.size(); i++) {
      Gateway gateway = gateways.get(i);
      String prefix = "gateway." + i + ".";
      lines.put(prefix + "name", gateway.name());
      lines.put(prefix + "port", Integer.toString(gateway.port()));
      lines.put(prefix + "pid-file", gateway.pidFile().toString());
      lines.put(prefix + "markers", Integer.toString(gateway.markers().size()));
      for (int j = 0; j < gateway.markers().size(); j++) {
        lines.put(prefix + "marker." + j, gateway.markers().get(j));
      }
    }
    lines.put("session.connect", session.connect());
    lines.put("session.id", Long.toHexString(session.id()));
    lines.put("session.password", session.password());
    lines.put("session.timeout-millis", Long.toString(session.timeout().toMillis()));
    session
        .tls()
        .ifPresent(tls -> {
          lines.put("tls.certificate", tls.certificate().toString());
          lines.put("tls.key", tls.key().toString());
          lines.put("tls.authority", tls.authority().toString());
        });
    lines.put("end", VERSION);
    StringBuilder text = new StringBuilder();
    lines.forEach((key, value) -> {
      if (value.indexOf('\n') >= 0) {
        throw new IllegalArgumentException(key + " holds a line break");
      }
      text.append(key).append('=').append(value).append('\n');
    });
    return text.toString();
  }

  private static LifeRecord parse(List<String> text) {
    Lines lines = Lines.of(text);
    if (!lines.text("version").equals(VERSION) || !lines.text("end").equals(VERSION)) {
      throw new IllegalArgumentException("another version, or cut off");
    }
    Life daemon =
        new Life(
            lines.text("daemon.boot"), lines.number("daemon.pid"), lines.number("daemon.started"));
    List<Gateway> gateways = new ArrayList<>();
    for (int i = 0; i < lines.number("gateways"); i++) {
      gateways.add(gateway(lines, "gateway." + i + "."));
    }
    return new LifeRecord(daemon, gateways, session(lines));
  }

  private static Gateway gateway(Lines lines, String prefix) {
    List<String> markers = new ArrayList<>();
    for (int j = 0; j < lines.number(prefix + "markers"); j++) {
      markers.add(lines.text(prefix + "marker." + j));
    }
    return new Gateway(
        lines.text(prefix + "name"),
        markers,
        Path.of(lines.text(prefix + "pid-file")),
        Math.toIntExact(lines.number(prefix + "port")));
  }

  private static Session session(Lines lines) {
    Optional<Tls> tls =
        lines.has("tls.key")
            ? Optional.of(
                new Tls(
                    Path.of(lines.text("tls.certificate")),
                    Path.of(lines.text("tls.key")),
                    Path.of(lines.text("tls.authority"))))
            : Optional.empty();
    return new Session(
        lines.text("session.connect"),
        Long.parseUnsignedLong(lines.text("session.id"), 16),
        lines.text("session.password"),
        Duration.ofMillis(lines.number("session.timeout-millis")),
        tls);
  }

  /** The file's {@code key=value} lines. */
  private record Lines(Map<String, String> values) {
    static Lines of(List<String> text) {
      Map<String, String> values = new LinkedHashMap<>();
      for (String line : text) {
        int equals = line.indexOf('=');
        if (equals < 0
            || values.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
          throw new IllegalArgumentException("not key=value, or twice");
        }
      }
      return new Lines(values);
    }

    boolean has(String key) {
      return values.containsKey(key);
    }

    String text(String key) {
      return Optional.ofNullable(values.get(key)).orElseThrow();
    }

    long number(String key) {
      return Long.parseLong(text(key));
    }
  }
}
