package io.understudy.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.settings.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretFileTest {
  @TempDir Path directory;

  @Test
  void theLineEndAtTheEndIsNotPartOfTheSecret() throws Exception {
    Path file = write("two words \n", "rw-------");

    try (Secret secret = SecretFile.read(file)) {
      assertThat(secret.reveal()).isEqualTo("two words");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw--w----", "rw----r--", "rwx-----x"})
  void anyAccessOfOthersIsRefusedWithTheRemedy(String permissions) throws Exception {
    Path file = write("hunter2", permissions);

    assertThatThrownBy(() -> SecretFile.read(file).close())
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("chmod 600 " + file)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aFileOfSomebodyElseIsRefused() throws Exception {
    Path file = write("hunter2", "rw-------");
    if (!Integer.valueOf(0).equals(Files.getAttribute(SecretFile.processSelf(), "unix:uid"))) {
      return; // Only root can give a file away.
    }
    Files.setAttribute(file, "unix:uid", 12345);

    assertThat(SecretFile.problem(file)).get().asString().contains("owned by somebody else");
  }

  private String sentenceOf(Path file, CredentialsDirectory credentials) {
    try {
      return "read: " + SecretFile.checkedText(file, credentials);
    } catch (Format.Rejected e) {
      return e.sentence();
    }
  }

  private CredentialsDirectory passed(Path from) {
    return CredentialsDirectory.of(Map.of("CREDENTIALS_DIRECTORY", from + "/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--------", "r--r-----", "rw-------"})
  void aCredentialMayShowTheMaskOfItsAccessList(String permissions) throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-x---"));
    Path file = writeAnyhow("hunter2", permissions);

    assertThat(sentenceOf(file, passed(directory))).isEqualTo("read: hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--r--r--", "r--rw----", "r--r-x---", "r--r---w-"})
  void aCredentialThatIsOpenToOthersIsRefused(String permissions) throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));
    Path file = writeAnyhow("hunter2", permissions);

    assertThat(sentenceOf(file, passed(directory)))
        .startsWith(file + ": readable or writable by others than its owner");
  }

  @Test
  void onlyWhatStandsDirectlyInTheCredentialsDirectoryIsACredential() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-x---"));
    Path file = writeAnyhow("hunter2", "r--r-----");

    for (CredentialsDirectory other :
        List.of(
            passed(directory.resolve("..").normalize()),
            passed(directory.resolve("deeper")),
            CredentialsDirectory.of(Map.of()),
            CredentialsDirectory.of(Map.of("CREDENTIALS_DIRECTORY", "")))) {
      assertThat(sentenceOf(file, other)).contains("(run: chmod 600 " + file + ")");
    }
  }

  @Test
  void aCredentialsDirectoryThatIsOpenToOthersIsNone() throws Exception {
    Path file = write("hunter2", "r--r-----");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));

    assertThat(sentenceOf(file, passed(directory))).startsWith(directory + ": open to others");
  }

  @Test
  void aCredentialThatIsNotThereIsSaidWithWhoWouldPassIt() {
    Path file = Path.of("/run/credentials/nosuch.service/live-username");

    assertThat(sentenceOf(file, CredentialsDirectory.of(Map.of())))
        .isEqualTo(
            file
                + ": no such file (systemd keeps it for nosuch.service while that runs: let the"
                + " service check it at its start, or check by hand as its user with"
                + " CREDENTIALS_DIRECTORY=/run/credentials/nosuch.service)");
    assertThat(sentenceOf(file, passed(file.resolveSibling(""))))
        .isEqualTo(
            file
                + ": no such file (systemd passes it to the service: add"
                + " LoadCredential=live-username:FILE to the unit)");
  }

  @Test
  void missingAndEmptyFilesAreRefused() throws Exception {
    assertThat(SecretFile.problem(directory.resolve("none")))
        .contains(directory.resolve("none") + ": no such file (create it with mode 600)");
    assertThat(SecretFile.problem(write(" \n", "rw-------")))
        .contains(directory.resolve("secret") + ": empty (expected: one secret)");
    assertThat(SecretFile.problem(directory)).isPresent();
  }

  @Test
  void aPrivateDirectoryIsCreatedForItsOwnerAlone() throws Exception {
    Path created = PrivateDirectory.prepare(directory.resolve("a/b"));

    assertThat(Files.getPosixFilePermissions(created))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(PrivateDirectory.prepare(created)).isEqualTo(created);
  }

  /**
   * In a directory that may be closed to writing already, which a test that is root does not mind.
   */
  private Path writeAnyhow(String text, String permissions) throws Exception {
    Set<PosixFilePermission> before = Files.getPosixFilePermissions(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Path file = write(text, permissions);
    Files.setPosixFilePermissions(directory, before);
    return file;
  }

  private Path write(String text, String permissions) throws Exception {
    Path file = directory.resolve("secret");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }
}
