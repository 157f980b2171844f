package io.understudy.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

  private Path write(String text, String permissions) throws Exception {
    Path file = directory.resolve("secret");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }
}
