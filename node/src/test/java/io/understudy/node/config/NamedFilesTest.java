package io.understudy.node.config;

import static io.understudy.node.config.ConfigFixture.MINIMAL;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import io.understudy.node.tls.Reloaded;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that a configuration names: secrets, certificates, lists of revoked ones, state. */
final class NamedFilesTest {
  @TempDir Path directory;
  private ConfigFixture fixture;

  @BeforeEach
  void files() throws IOException {
    fixture = ConfigFixture.create(directory);
  }

  @Test
  void secretsThatOthersMayReadAreRefused() throws Exception {
    Files.setPosixFilePermissions(
        directory.resolve("live-password"), PosixFilePermissions.fromString("rw-r-----"));

    assertThat(fixture.problemsOf(MINIMAL))
        .containsExactly(
            "gateways.live.password-file (line 16): "
                + directory.resolve("live-password")
                + ": readable or writable by others than its owner (run: chmod 600 "
                + directory.resolve("live-password")
                + ")");
  }

  @Test
  void certificatesThatCannotWorkAreRefused() throws Exception {
    fixture.certificates("ca.crt", "ca.key", Instant.parse("2026-01-02T00:00:00Z"));
    fixture.certificates("node.crt", "other.key", Instant.now().plus(Duration.ofHours(1)));

    assertThat(fixture.problemsOf(MINIMAL))
        .containsExactly(
            "api.key (line 9): "
                + directory.resolve("node.key")
                + ": not the key of "
                + directory.resolve("node.crt")
                + " (name the matching pair)",
            "api.authority (line 10): "
                + directory.resolve("ca.crt")
                + ": a certificate expired at 2026-01-02T00:00:00Z (issue a new one)");
  }

  @Test
  void revokedCertificatesAreListedOneALine() throws Exception {
    String yaml = MINIMAL.replace("  authority: ca.crt", "  authority: ca.crt\n  revoked: revoked");
    Path list = directory.resolve("revoked");
    Files.writeString(
        list, "# lost laptop\n\n 0A1b  # anna\r\nffffffffffffffffffffffffffffffffffffffff\n");

    assertThat(fixture.load(yaml).api().revokedSerials().current())
        .containsExactly(
            BigInteger.valueOf(0xa1b), BigInteger.ONE.shiftLeft(160).subtract(BigInteger.ONE));
    Files.writeString(list, "");
    assertThat(fixture.load(yaml).api().revokedSerials().current()).isEmpty();
    assertThat(fixture.load(MINIMAL).api().revokedSerials().current()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0a:1b", "0x1f", "12 34", "-1", "anna", "\u0663"})
  void aLineThatIsNoSerialNumberIsRefused(String line) throws Exception {
    String yaml = MINIMAL.replace("  authority: ca.crt", "  authority: ca.crt\n  revoked: revoked");
    Path list = directory.resolve("revoked");
    Files.writeString(list, "# comment\n" + line + "\n");

    assertThat(fixture.problemsOf(yaml))
        .containsExactly(
            "api.revoked (line 11): "
                + list
                + ": line 2: '"
                + line.replace('\u0663', '?')
                + "' (expected: the serial number of a certificate, 1 to 40 hexadecimal digits, or"
                + " a # comment)");
  }

  @Test
  void aListOfRevokedCertificatesThatIsNotThereIsRefused() {
    assertThat(
            fixture.problemsOf(
                MINIMAL.replace("  authority: ca.crt", "  authority: ca.crt\n  revoked: none")))
        .containsExactly(
            "api.revoked (line 11): "
                + directory.resolve("none")
                + ": no such file (create it, empty as long as no certificate is revoked)");
  }

  @Test
  void aBadLineInALaterListLeavesTheFormerInEffect() throws Exception {
    Path list = directory.resolve("revoked");
    Files.writeString(list, "a1\n");
    Reloaded<ImmutableSet<BigInteger>> revoked =
        fixture
            .load(MINIMAL.replace("  authority: ca.crt", "  authority: ca.crt\n  revoked: revoked"))
            .api()
            .revokedSerials();

    Files.writeString(list, "b2\nwhat\n");
    look(revoked);
    assertThat(revoked.current()).containsExactly(BigInteger.valueOf(0xa1));
    Files.writeString(list, "a1\nb2\n");
    look(revoked);
    assertThat(revoked.current())
        .containsExactly(BigInteger.valueOf(0xa1), BigInteger.valueOf(0xb2));
  }

  private static void look(Reloaded<?> files) {
    files.look(Instant.now());
    files.look(Instant.now());
  }

  @Test
  void aStateDirectoryOpenToOthersIsRefused() throws Exception {
    Path state = Files.createDirectory(directory.resolve("state"));
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(fixture.problemsOf(MINIMAL))
        .containsExactly(
            "state-directory (line 3): "
                + state
                + ": open to others than its owner (run: chmod 700 "
                + state
                + ")");
  }
}
