package io.understudy.bundle.doctor.machine;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The machine that this process runs on. */
public final class LocalMachine implements Machine {
  private static final ImmutableList<Path> PROGRAMS =
      ImmutableList.of(
          Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin"));
  private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(5);
  private static final Duration NETWORK_DEADLINE = Duration.ofSeconds(5);
  private static final int TEXT_MAX = 1 << 18;
  private static final int FILES_MAX = 10_000;
  private static final int PERMISSIONS = 07777;

  private final Path root;
  private final InstantSource clock;
  private final CommandRun commands = new CommandRun(PROGRAMS, COMMAND_DEADLINE);

  /**
   * @param root of the files, {@code /} on a real host
   */
  public LocalMachine(Path root, InstantSource clock) {
    this.root = root;
    this.clock = clock;
  }

  @Override
  public Answer<String> output(ImmutableList<String> command) {
    return commands.output(command);
  }

  @Override
  public Answer<FileFacts> file(String path) {
    return reading(
        path,
        file -> {
          Map<String, Object> facts =
              Files.readAttributes(
                  file, "unix:mode,owner,group,size,isDirectory", LinkOption.NOFOLLOW_LINKS);
          UserPrincipal owner = (UserPrincipal) fact(facts, "owner");
          GroupPrincipal group = (GroupPrincipal) fact(facts, "group");
          return new FileFacts(
              (Boolean) fact(facts, "isDirectory"),
              (Integer) fact(facts, "mode") & PERMISSIONS,
              owner.getName() + ":" + group.getName(),
              (Long) fact(facts, "size"));
        });
  }

  private static Object fact(Map<String, Object> facts, String name) {
    return Objects.requireNonNull(facts.get(name), name);
  }

  @Override
  public Answer<Boolean> executable(String path) {
    return reading(
        path,
        file -> {
          int mode = (Integer) Files.getAttribute(file, "unix:mode");
          return Files.isRegularFile(file) && (mode & 0005) == 0005;
        });
  }

  @Override
  public Answer<String> text(String path) {
    return reading(
        path,
        file -> {
          try (InputStream stream = Files.newInputStream(file)) {
            return new String(stream.readNBytes(TEXT_MAX), StandardCharsets.UTF_8);
          }
        });
  }

  @Override
  public Answer<ImmutableList<String>> filesBelow(String directory) {
    return reading(
        directory,
        start -> {
          try (Stream<Path> found = Files.walk(start)) {
            return found
                .limit(FILES_MAX)
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .map(file -> Path.of("/").resolve(root.relativize(file)).toString())
                .sorted()
                .collect(ImmutableList.toImmutableList());
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
  }

  private interface Reading<T> {
    T from(Path file) throws IOException;
  }

  private <T> Answer<T> reading(String path, Reading<T> reading) {
    try {
      return Answer.known(reading.from(within(path)));
    } catch (NoSuchFileException _) {
      return Answer.unknown(Answer.Cause.ABSENT, path + " does not exist");
    } catch (AccessDeniedException _) {
      return Answer.unknown(Answer.Cause.NOT_PERMITTED, path + " may not be read");
    } catch (IOException e) {
      return Answer.unknown(Answer.Cause.FAILED, path + " cannot be read: " + e.getMessage());
    }
  }

  private Path within(String path) {
    return root.resolve(Path.of("/").relativize(Path.of(path)));
  }

  @Override
  public Answer<ServerReport> server(
      CoordinationServer server, CertificateFiles identity, Duration timeoutWanted) {
    InetSocketAddress address = new InetSocketAddress(server.address(), server.port());
    try {
      PemFile authority = PemFile.read(within(identity.authority()));
      PemFile own = PemFile.read(within(identity.certificate()));
      PemFile key =
          identity.key().equals(identity.certificate())
              ? own
              : PemFile.read(within(identity.key()));
      CoordinationCall call =
          new CoordinationCall(address, PemFile.context(own, key, authority), NETWORK_DEADLINE);
      return Answer.known(call.report(timeoutWanted));
    } catch (NoSuchFileException e) {
      return Answer.unknown(Answer.Cause.ABSENT, e.getFile() + " does not exist");
    } catch (AccessDeniedException e) {
      return Answer.unknown(Answer.Cause.NOT_PERMITTED, e.getFile() + " may not be read");
    } catch (IOException | GeneralSecurityException e) {
      return Answer.unknown(Answer.Cause.FAILED, Errors.clause(e));
    }
  }

  @Override
  public Answer<ClockOffset> clockOffset(String address, int httpPort) {
    return new DateCall(address, httpPort, clock, NETWORK_DEADLINE).offset();
  }

  @Override
  public Answer<Boolean> accepts(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address, port), Math.toIntExact(NETWORK_DEADLINE.toMillis()));
      return Answer.known(true);
    } catch (IOException e) {
      return Answer.unknown(Answer.Cause.FAILED, Errors.clause(e));
    }
  }

  @Override
  public Instant now() {
    return clock.instant();
  }
}
