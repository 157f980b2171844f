package io.understudy.node.undertaker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * {@code undertaker --state DIRECTORY}: run after a daemon has died, however it died. In this
 * order, each step only when the former one is certain:
 *
 * <ol>
 *   <li>no daemon lives with this state directory;
 *   <li>its gateways' processes are killed and gone, and nobody listens on their ports;
 *   <li>its coordination session is closed, and the servers said so.
 * </ol>
 *
 * <p>Where one of the first two cannot be proven it refuses: closing the session lets the standby
 * log in, and a gateway that still lived would then be a second one. The session's timeout is the
 * safe way out. Run twice, or after a clean stop, it does nothing.
 */
public final class Undertaker {
  static final int DONE = 0;
  static final int USAGE = 1;
  static final int REFUSED = 2;
  static final int NOT_CLOSED = 3;
  static final int BUG = 70;

  private static final String HELP =
      """
      Usage: undertaker --state DIRECTORY [--cgroup FOLDER]
      Ends what a dead understudyd left running, then closes its coordination session, so that the
      standby takes over at once. systemd runs it as ExecStopPost.

        --state DIRECTORY   the dead daemon's state-directory
        --cgroup FOLDER     kill everything in this control group but the undertaker itself;
                            under systemd the service's own is found without this

      Exit status:
        0   the session is closed, or there was none to close
        1   the command line is wrong
        2   refused: it is not proven that the daemon and its gateways are gone
        3   they are gone, and no server confirmed the end of the session: it ends by its timeout
        70  a bug
      """;

  private Undertaker() {}

  /** What it came to: an exit status and one sentence. */
  record Report(int status, String sentence) {}

  public static void main(String[] arguments) {
    Report report = run(arguments, System.getenv());
    (report.status() == DONE ? System.out : System.err).println(report.sentence().strip());
    Runtime.getRuntime().halt(report.status());
  }

  static Report run(String[] arguments, Map<String, String> environment) {
    long began = System.nanoTime();
    try {
      Optional<Path> state = Optional.empty();
      Optional<ControlGroup> group = ControlGroup.ofService(environment);
      for (int i = 0; i < arguments.length; i += 2) {
        if (arguments[i].equals("--help")) {
          return new Report(DONE, HELP);
        }
        if (i + 1 == arguments.length) {
          return usage("'" + arguments[i] + "' wants a value");
        }
        Path value = Path.of(arguments[i + 1]);
        switch (arguments[i]) {
          case "--state" -> state = Optional.of(value);
          case "--cgroup" -> group = Optional.of(new ControlGroup(value));
          default -> {
            return usage("unknown option '" + arguments[i] + "'");
          }
        }
      }
      if (state.filter(Files::isDirectory).isEmpty()) {
        return usage("--state must name the daemon's state directory");
      }
      return bury(state.get(), group, began);
    } catch (RefusedException e) {
      return new Report(REFUSED, "undertaker: refused: " + e.getMessage());
    } catch (IOException e) {
      return new Report(
          REFUSED,
          "undertaker: refused, nothing is closed: cannot read or write " + e.getMessage());
    } catch (UncheckedIOException e) {
      return new Report(REFUSED, "undertaker: refused, nothing is closed: " + e.getMessage());
    } catch (RuntimeException e) {
      return new Report(BUG, "undertaker: stopped by a bug, nothing is closed: " + e);
    }
  }

  private static Report usage(String problem) {
    return new Report(USAGE, "undertaker: " + problem + " (see undertaker --help)");
  }

  private static Report bury(Path state, Optional<ControlGroup> group, long began)
      throws IOException, RefusedException {
    Optional<LifeRecord> left = LifeRecord.read(state);
    if (left.isEmpty()) {
      return new Report(
          DONE, "undertaker: the daemon left no session behind in " + state + ", nothing to do");
    }
    LifeRecord record = left.get();
    // The handshake takes longer than all the rest, and touches nothing.
    CompletableFuture<Ensemble> ensemble = CompletableFuture.supplyAsync(() -> ensemble(record));
    try (StateHold _ = StateHold.take(state, record.daemon())) {
      Survivors survivors = new Survivors(record, group);
      int killed = survivors.end();
      survivors.awaitClosedPorts();
      return closed(state, ensemble, killed, began);
    }
  }

  private static Report closed(
      Path state, CompletableFuture<Ensemble> ensemble, int killed, long began) throws IOException {
    Ensemble servers;
    try {
      servers = ensemble.get();
    } catch (ExecutionException | InterruptedException e) {
      String why =
          Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("interrupted");
      return new Report(NOT_CLOSED, "undertaker: the session is left to its timeout: " + why);
    }
    String before = "undertaker: " + killed + " of the dead daemon's processes killed, ";
    return switch (servers.close()) {
      case Ensemble.Ending.Closed closed -> {
        LifeRecord.remove(state);
        yield new Report(
            DONE, before + "session closed by " + closed.server() + ", in " + since(began) + " ms");
      }
      case Ensemble.Ending.Over over -> {
        LifeRecord.remove(state);
        yield new Report(DONE, before + "session had ended already, says " + over.server());
      }
      case Ensemble.Ending.Unknown unknown ->
          new Report(
              NOT_CLOSED,
              before
                  + "no server closed the session, it ends by its timeout: "
                  + unknown.sentence());
    };
  }

  private static Ensemble ensemble(LifeRecord record) {
    try {
      Ensemble ensemble = Ensemble.of(record.session());
      ensemble.warmUp();
      return ensemble;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the certificates cannot be used: " + e.getMessage(), e);
    }
  }

  private static long since(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }
}
