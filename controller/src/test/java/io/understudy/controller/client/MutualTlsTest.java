package io.understudy.controller.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.controller.Clusters;
import io.understudy.controller.FakeControlPlane;
import io.understudy.controller.TlsNode;
import io.understudy.controller.TlsNode.Flaw;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets and certificates: what works, and the sentence for each thing that does not. */
final class MutualTlsTest {
  @TempDir private Path folder;

  @Test
  void aNodeOfTheSameAuthorityAnswers() throws Exception {
    try (TlsNode node = node(Flaw.NONE)) {
      assertThat(look(node).cluster()).isEqualTo(Clusters.serving());
    }
  }

  @Test
  void aNodeOfAnotherAuthorityIsNotTrusted() throws Exception {
    try (TlsNode node = node(Flaw.NONE)) {
      node.writeOtherAuthority("ca.crt");
      assertUnreachable(node, "did not issue; is demo the right context?");
    }
  }

  @Test
  void aNodeWithAnExpiredCertificateIsNamed() throws Exception {
    try (TlsNode node = node(Flaw.EXPIRED)) {
      assertUnreachable(node, "has expired; install a new bundle there");
    }
  }

  @Test
  void aCertificateForAnotherAddressIsNamed() throws Exception {
    try (TlsNode node = node(Flaw.OTHER_ADDRESS)) {
      assertUnreachable(node, "does not name this address");
    }
  }

  @Test
  void aCertificateThatTheNodeRefusesIsNamed() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (TlsNode stranger = new TlsNode(other, fake(), Flaw.NONE);
        TlsNode node = node(Flaw.NONE)) {
      stranger.issue("operator", Duration.ofHours(1), "127.0.0.1");
      Path config = node.config();
      Files.writeString(
          config, Files.readString(config).replace(": operator.", ": other/operator."));
      assertUnreachable(config, "does not accept the certificate");
    }
  }

  @Test
  void aNodeThatIsGoneIsNamed() throws Exception {
    try (TlsNode node = node(Flaw.NONE)) {
      Path config = node.config();
      node.stop();
      assertUnreachable(config, "refuses connections; does understudyd run there?");
    }
  }

  @Test
  void aPortThatNeverAnswersEndsWithTheTimeout() throws Exception {
    try (TlsNode node = node(Flaw.NONE);
        ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path config = node.config();
      Files.writeString(
          config, Files.readString(config).replace(":" + node.port(), ":" + silent.getLocalPort()));
      assertThatThrownBy(() -> look(config, Duration.ofMillis(300)))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("did not answer");
    }
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws Exception {
    try (TlsNode node = node(Flaw.NONE)) {
      Files.setPosixFilePermissions(
          node.file("operator.key"), PosixFilePermissions.fromString("rw-r-----"));
      assertUsage(
          node,
          "key "
              + node.file("operator.key")
              + ": others may read or write it (rw-r-----); run `chmod 600 "
              + node.file("operator.key")
              + "`");
    }
  }

  @Test
  void anExpiredCertificateOfOnesOwnIsRefusedBeforeAnythingIsDialled() throws Exception {
    try (TlsNode node = node(Flaw.NONE)) {
      node.issue("operator", Duration.ofHours(-1), "127.0.0.1");
      assertUsage(node, "certificate " + node.file("operator.crt") + ": expired on ");
    }
  }

  @Test
  void missingFilesAndFilesOfAnotherKindAreNamed() throws Exception {
    try (TlsNode node = node(Flaw.NONE)) {
      Files.writeString(node.file("ca.crt"), "nothing");
      assertUsage(node, "authority " + node.file("ca.crt") + ": holds no certificate");
      Files.delete(node.file("ca.crt"));
      assertUsage(node, "authority " + node.file("ca.crt") + ": no such file");
      node.writeOtherAuthority("ca.crt");
      Files.writeString(node.file("operator.key"), "-----BEGIN EC PRIVATE KEY-----");
      assertUsage(node, "holds no unencrypted PKCS #8 key; convert it with `openssl pkcs8");
    }
  }

  private TlsNode node(Flaw flaw) throws Exception {
    return new TlsNode(folder, fake(), flaw);
  }

  private static FakeControlPlane fake() {
    return new FakeControlPlane(Clusters.serving());
  }

  private static Sighting look(TlsNode node) throws IOException {
    return look(node.config(), Duration.ofSeconds(10));
  }

  private static Sighting look(Path config, Duration timeout) {
    Context context = ContextFile.read(config).select(Optional.empty());
    Channels channels = new TlsChannels(Credentials.read(context, InstantSource.system()));
    try (ClusterClient client = new ClusterClient(context, channels, _ -> {}, _ -> {}, timeout)) {
      return client.look();
    }
  }

  private static void assertUnreachable(TlsNode node, String sentence) throws IOException {
    assertUnreachable(node.config(), sentence);
  }

  private static void assertUnreachable(Path config, String sentence) {
    assertThatThrownBy(() -> look(config, Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .hasMessageContaining("127.0.0.1:")
        .hasMessageContaining(sentence);
  }

  private static void assertUsage(TlsNode node, String sentence) {
    assertThatThrownBy(() -> look(node))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(sentence);
  }
}
