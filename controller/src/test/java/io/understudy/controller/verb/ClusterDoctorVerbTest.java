package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.Coordination;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.HostManifest.Peer;
import io.understudy.bundle.doctor.HostManifest.TunnelInterface;
import io.understudy.bundle.doctor.ManifestJson;
import io.understudy.controller.Harness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor on the machine that runs the tests, which is no host of a cluster. */
final class ClusterDoctorVerbTest {
  @TempDir private Path folder;
  private Harness harness;

  @BeforeEach
  void start() {
    harness = new Harness(folder);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void whereNoBundleWasInstalledItSaysSo() {
    Path none = folder.resolve("host.json");

    Harness.Run run = doctor(none);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "This is not a host of a cluster: " + none + " does not exist (run the install.sh");
  }

  @Test
  void whatIsNoManifestIsRefusedWithTheReason() throws Exception {
    Path damaged = Files.writeString(folder.resolve("host.json"), "{\"version\": 7}");

    Harness.Run run = doctor(damaged);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("version: 7 (expected: 1; a newer bundle needs a newer");
  }

  @Test
  void whatIsWrongIsToldWithItsRemedy() throws Exception {
    Harness.Run run = doctor(hostFile());

    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            folder.resolve("open.key") + "  (FileOpen)",
            "Others may read this secret file: mode 0644 (expected: 0600).",
            "remedy: sudo chmod 0600 " + folder.resolve("open.key"),
            folder.resolve("none.conf") + "  (FileMissing)",
            "desk (operator of cluster main): errors: ")
        .doesNotContain("\nok ", "Exception", "\tat ");
  }

  @Test
  void withVerboseWhatIsWellIsToldToo() throws Exception {
    assertThat(doctor(hostFile(), "--verbose").out())
        .contains("ok       " + folder.resolve("good.conf") + ": It has mode 0644");
  }

  @Test
  void programsGetTheSameAsData() throws Exception {
    Harness.Run run = doctor(hostFile(), "-o", "json");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .contains("\"host\": \"desk\"", "\"healthy\": false", "\"finding\": \"FileOpen\"");
  }

  private Harness.Run doctor(Path file, String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "cluster";
    arguments[1] = "doctor";
    arguments[2] = "--host-file=" + file;
    System.arraycopy(options, 0, arguments, 3, options.length);
    return harness.runAsIs(arguments);
  }

  /** A desk with a good file, an open one and one that is missing, and a tunnel that is not up. */
  private Path hostFile() throws Exception {
    Path good = file("good.conf");
    Path open = file("open.key");
    String owner = Files.getOwner(good) + ":" + Files.getAttribute(good, "posix:group");
    HostManifest manifest =
        new HostManifest(
            HostManifest.VERSION,
            "main",
            "desk",
            HostRole.OPERATOR,
            "10.77.0.10",
            "",
            "10.77.0.0/24",
            ImmutableList.of(
                new TunnelInterface(
                    "wg77",
                    0,
                    true,
                    "10.77.0.10",
                    "key",
                    1420,
                    ImmutableList.of(
                        new Peer("alpha", "10.77.0.1", "other", "198.51.100.1:51820", 25)))),
            ImmutableList.of(
                new InstalledFile(good.toString(), "0644", owner),
                new InstalledFile(folder.resolve("none.conf").toString(), "0644", owner),
                new InstalledFile(open.toString(), "0600", owner)),
            ImmutableList.of(),
            ImmutableList.of("understudy-of-no-machine.service"),
            ImmutableList.of(),
            new Coordination(ImmutableList.of(), 6_000, 500),
            ImmutableList.of(),
            ImmutableList.of(),
            ImmutableList.of());
    return Files.writeString(folder.resolve("host.json"), ManifestJson.write(manifest));
  }

  private Path file(String name) throws Exception {
    Path file = Files.writeString(folder.resolve(name), "");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
