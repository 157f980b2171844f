package io.understudy.node.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.understudy.node.spi.DriverException;
import io.understudy.node.testing.LogLines;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReloadedTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir private Path directory;
  private final LogLines log = LogLines.of(Reloaded.class);
  private TestAuthority authority;
  private PemFiles files;
  private Reloaded<TlsMaterial> material;
  private TlsMaterial first;

  @BeforeEach
  void read() throws Exception {
    authority = new TestAuthority(directory, "cluster");
    files = authority.issue("a", "node").copiedTo(directory.resolve("tls"));
    material = files.material();
    first = material.current();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      material.look(NOW);
    }
  }

  @Test
  void filesThatDoNotChangeAreReadOnce() {
    look(3);
    assertThat(material.current()).isSameAs(first);
  }

  @Test
  void aNewPairIsInEffectAtTheSecondLook() throws Exception {
    PemFiles next = authority.issue("a", "node");
    files.replacedBy(next);

    look(1);
    assertThat(material.current()).isSameAs(first);
    look(1);
    assertThat(material.current().chain().getFirst().getSerialNumber()).isEqualTo(next.serial());
    assertThat(log.warnings()).isEmpty();
  }

  @Test
  void aCertificateWhoseKeyIsStillToComeChangesNothing() throws Exception {
    PemFiles next = authority.issue("a", "node");
    Path _ = Files.copy(next.certificate(), replaced(files.certificate()));

    look(4);
    assertThat(material.current()).isSameAs(first);
    assertThat(log.warnings())
        .singleElement()
        .asString()
        .contains(files.key() + ": not the key of " + files.certificate());

    files.replacedBy(next);
    look(2);
    assertThat(material.current().chain().getFirst().getSerialNumber()).isEqualTo(next.serial());
  }

  @Test
  void aFileThatIsStillWrittenIsNotJudged() throws Exception {
    PemFiles next = authority.issue("a", "node");
    String whole = Files.readString(next.certificate());
    for (int end = 40; end < whole.length(); end += 40) {
      Files.writeString(files.certificate(), whole.substring(0, end));
      look(1);
    }
    assertThat(log.warnings()).isEmpty();
    assertThat(material.current()).isSameAs(first);
  }

  @Test
  void aHalfWrittenOrMissingOrOpenFileIsSaidOnceAChange() throws Exception {
    String whole = Files.readString(files.authority());
    Files.writeString(files.authority(), whole.substring(0, whole.length() / 2));
    look(3);
    Files.delete(files.authority());
    look(3);
    Files.writeString(files.authority(), whole);
    Path _ =
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r--r--"));
    look(3);

    assertThat(material.current()).isSameAs(first);
    assertThat(log.warnings()).hasSize(3);
    assertThat(log.warnings().get(0)).contains("holds no certificate in PEM form");
    assertThat(log.warnings().get(1)).contains("no such file");
    assertThat(log.warnings().get(2)).contains("chmod 600 " + files.key());
  }

  @Test
  void anExpiredCertificateDoesNotReplaceASoundOne() throws Exception {
    files.replacedBy(authority.issue("a", "node", Instant.now().minus(Duration.ofMinutes(1))));
    look(2);
    assertThat(material.current()).isSameAs(first);
    assertThat(log.warnings()).singleElement().asString().contains("a certificate expired at");
  }

  @Test
  void whatCannotBeUsedIsNotInEffect() throws Exception {
    List<TlsMaterial> taken = new ArrayList<>();
    material.follow(value -> {
      if (!value.equals(first)) {
        throw DriverException.permanentError("The server cannot use it");
      }
      taken.add(value);
    });
    files.replacedBy(authority.issue("a", "node"));
    look(2);
    assertThat(taken).containsExactly(first);
    assertThat(material.current()).isSameAs(first);
    assertThat(log.warnings()).singleElement().asString().endsWith("The server cannot use it");
  }

  @Test
  void aBugIsMetOnceAChange() throws Exception {
    List<TlsMaterial> taken = new ArrayList<>();
    material.follow(value -> {
      taken.add(value);
      if (!value.equals(first)) {
        throw new IllegalStateException("a bug");
      }
    });
    files.replacedBy(authority.issue("a", "node"));
    assertThatThrownBy(() -> look(2)).hasMessage("a bug");
    look(3);
    assertThat(taken).as("the first one, and once the new one").hasSize(2);
    assertThat(material.current()).isSameAs(first);
  }

  @Test
  void theFirstReadingMustSucceed() {
    ImmutableList<Path> none = ImmutableList.of(directory.resolve("none"));
    assertThatThrownBy(() ->
            Reloaded.of(
                "none",
                none,
                () -> {
                  throw DriverException.permanentError("none: no such file");
                }))
        .hasMessage("none: no such file");
  }

  @Test
  void theEarliestEndCountsAndTheKeyIsNotShown() {
    assertThat(first.ends()).isEqualTo(first.chain().getFirst().getNotAfter().toInstant());
    assertThat(first.authorityEnds())
        .isEqualTo(first.authorities().getFirst().getNotAfter().toInstant());
    assertThat(first).hasToString("certificate of CN=a,OU=node,O=demo");
  }

  private static Path replaced(Path file) throws IOException {
    Files.delete(file);
    return file;
  }
}
