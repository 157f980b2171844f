package io.understudy.bundle.doctor.machine;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import java.time.Duration;
import java.time.Instant;

/**
 * The machine that is examined. No question changes anything on it but one: {@link #server} opens a
 * session with a ZooKeeper server and closes it at once.
 *
 * <p>An implementation answers each question within a deadline of its own and never throws for what
 * the machine is like.
 */
public interface Machine {
  /** How much of a command's output is kept. */
  int OUTPUT_BYTES_MAX = 1 << 22;

  /**
   * Standard output of a command that ended with 0; of a longer one the first {@link
   * #OUTPUT_BYTES_MAX} bytes.
   */
  Answer<String> output(ImmutableList<String> command);

  /** A file or directory itself; a link is not followed. */
  Answer<FileFacts> file(String path);

  /** Whether the program exists and may be run by everybody; links are followed. */
  Answer<Boolean> executable(String path);

  /** The beginning of a text file, more than any of ours has. */
  Answer<String> text(String path);

  /** Paths of the regular files below a directory, sorted; ABSENT without the directory. */
  Answer<ImmutableList<String>> filesBelow(String directory);

  /**
   * Asks a ZooKeeper server over TLS how it is, and which session timeout it grants.
   *
   * @param identity towards the server
   * @param timeoutWanted of the session
   */
  Answer<ServerReport> server(
      CoordinationServer server, CertificateFiles identity, Duration timeoutWanted);

  /**
   * How far the clock of another host is from ours, by the date in an answer of its HTTP server.
   */
  Answer<ClockOffset> clockOffset(String address, int httpPort);

  /** Whether something accepts connections there; FAILED when not. */
  Answer<Boolean> accepts(String address, int port);

  Instant now();

  /**
   * A file as it lies on the disk.
   *
   * @param mode the twelve bits of the permissions
   * @param owner {@code user:group}
   */
  @Immutable
  record FileFacts(boolean directory, int mode, String owner, long size) {
    /** As in {@code 0600}. */
    public String octal() {
      return "%04o".formatted(mode);
    }

    /** Whether others than the owner and the group may read it. */
    public boolean openToOthers() {
      return (mode & 0007) != 0;
    }
  }

  /**
   * What a ZooKeeper server said.
   *
   * @param mode {@code leader}, {@code follower}, {@code standalone}, ...; empty when it serves
   *     nobody because it has no quorum
   * @param sessionTimeoutMillis which it granted; 0 when it granted no session
   */
  @Immutable
  record ServerReport(String mode, int sessionTimeoutMillis) {}

  /**
   * The other clock minus ours lies between the two.
   *
   * @param least may be negative
   */
  @Immutable
  record ClockOffset(Duration least, Duration most) {
    /** By how much the two differ for certain. */
    public Duration certain() {
      if (least.isPositive()) {
        return least;
      }
      return most.isNegative() ? most.negated() : Duration.ZERO;
    }
  }
}
