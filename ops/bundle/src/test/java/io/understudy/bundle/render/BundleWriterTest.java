package io.understudy.bundle.render;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleWriterTest {
  private static final ImmutableList<Bundle> STEADY =
      Renderer.render(Clusters.MAIN, Materials.STEADY);
  private static final ImmutableList<Bundle> ROTATING =
      Renderer.render(Clusters.MAIN, Materials.ROTATING);

  @TempDir private Path folder;

  private Path out() {
    return folder.resolve("bundles");
  }

  @CanIgnoreReturnValue
  private ImmutableList<String> write(ImmutableList<Bundle> bundles) throws BundleException {
    return BundleWriter.write(out(), "main", bundles);
  }

  private ImmutableMap<Path, String> contents() throws IOException {
    ImmutableMap.Builder<Path, String> contents = ImmutableMap.builder();
    for (Path file : files()) {
      contents.put(file, Files.getLastModifiedTime(file) + Files.readString(file));
    }
    return contents.buildOrThrow();
  }

  private ImmutableList<Path> files() throws IOException {
    try (Stream<Path> tree = Files.walk(out())) {
      return tree.filter(Files::isRegularFile).sorted().collect(toImmutableList());
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void eachHostHasAFolderWithItsNameItsFilesAndTheirModes() throws Exception {
    assertThat(write(STEADY)).isNotEmpty();
    Path alpha = out().resolve("alpha");
    assertThat(alpha.resolve("host")).hasContent("alpha\n");
    assertThat(mode(alpha.resolve("install.sh"))).isEqualTo("rwxr-xr-x");
    assertThat(alpha.resolve("tunnels.sh")).exists();
    assertThat(alpha.resolve("ensemble.sh")).exists();
    assertThat(alpha.resolve("secrets.sh")).exists();
    assertThat(alpha.resolve("monitoring.sh")).exists();
    assertThat(Files.readAllLines(alpha.resolve("manifest")))
        .contains("0600 root:root /etc/wireguard/wg0.conf")
        .contains("0600 understudy:understudy /etc/understudy/tls/node.key")
        .contains("0644 root:root /etc/understudy/understudyd.yaml");
    assertThat(mode(out())).isEqualTo("rwx------");
    assertThat(mode(alpha.resolve("files/etc"))).isEqualTo("rwx------");
    assertThat(mode(alpha.resolve("files/etc/wireguard/wg0.conf"))).isEqualTo("rw-------");
    assertThat(mode(alpha.resolve("files/etc/understudy/firewall-ufw.sh"))).isEqualTo("rwxr-xr-x");
  }

  @Test
  void aSecondTimeNothingIsTouched() throws Exception {
    write(STEADY);
    for (Path file : files()) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }
    ImmutableMap<Path, String> before = contents();
    assertThat(write(Renderer.render(Clusters.MAIN, Materials.STEADY))).isEmpty();
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void whatNobodyNeedsAnyMoreGoesAndWhatSomebodyPutThereStays() throws Exception {
    write(ROTATING);
    Path own = out().resolve("alpha/credentials/live-password");
    Files.createDirectories(own.getParent());
    Files.writeString(own, "secret\n");
    Path beside = out().resolve("notes");
    Files.writeString(beside, "mine\n");
    assertThat(write(STEADY)).contains("alpha/files/etc/wireguard/wg1.conf");
    assertThat(out().resolve("alpha/files/etc/wireguard/wg1.conf")).doesNotExist();
    assertThat(own).exists();
    assertThat(beside).exists();
  }

  @Test
  void theBundleOfAHostThatLeftTheClusterGoes() throws Exception {
    write(STEADY);
    ImmutableList<Bundle> fewer =
        STEADY.stream()
            .filter(bundle -> !bundle.host().id().equals("engine"))
            .collect(toImmutableList());
    write(fewer);
    assertThat(out().resolve("engine")).doesNotExist();
    assertThat(out().resolve("desk/host")).exists();
  }

  @Test
  void aModeThatSomebodyChangedIsMended() throws Exception {
    write(STEADY);
    Path conf = out().resolve("alpha/files/etc/wireguard/wg0.conf");
    Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(write(STEADY)).containsExactly("alpha/files/etc/wireguard/wg0.conf");
    assertThat(mode(conf)).isEqualTo("rw-------");
  }

  @Test
  void aFolderWithSomethingElseIsRefused() throws Exception {
    Files.createDirectories(out());
    Files.writeString(out().resolve("thesis.tex"), "mine\n");
    assertThatThrownBy(() -> write(STEADY))
        .isInstanceOf(BundleException.class)
        .hasMessage(
            out()
                + ": holds something else (thesis.tex); name a new or an empty folder with --out");
    assertThat(files()).containsExactly(out().resolve("thesis.tex"));
  }

  @Test
  void theBundlesOfAnotherClusterAreRefused() throws Exception {
    write(STEADY);
    assertThatThrownBy(() -> BundleWriter.write(out(), "other", STEADY))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("holds the bundles of cluster main, not of other");
  }

  @Test
  void aFolderThatHappensToHaveAHostsNameIsRefusedBeforeAnythingIsWritten() throws Exception {
    ImmutableList<Bundle> alphaAlone = ImmutableList.of(Rendered.bundle(Clusters.ALPHA));
    write(alphaAlone);
    Files.createDirectories(out().resolve("desk"));
    ImmutableMap<Path, String> before = contents();
    assertThatThrownBy(() -> write(STEADY))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("desk: is not a bundle of ours");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void whatWouldChangeIsShownWithoutSecrets() throws Exception {
    write(STEADY);
    assertThat(BundleDiff.of(out(), "main", STEADY).changes()).isEmpty();
    String text = BundleDiff.of(out(), "main", ROTATING).text();
    assertThat(text)
        .contains("new      alpha/files/etc/wireguard/wg1.conf\n")
        .contains(
            """
            changed  alpha/files/etc/wireguard/wg0.conf
              a secret file: its contents are not shown
            """)
        .contains("-    udp dport { 51820 } accept comment \"WireGuard\"\n")
        .contains("+    udp dport { 51820, 51821 } accept comment \"WireGuard\"\n")
        .doesNotContain("PrivateKey", "PRIVATE KEY", "PresharedKey");
    write(ROTATING);
    assertThat(BundleDiff.of(out(), "main", ROTATING).text()).isEmpty();
    assertThat(BundleDiff.of(out(), "main", STEADY).text())
        .contains("gone     alpha/files/etc/wireguard/wg1.conf\n");
  }

  @Test
  void beforeTheFirstTimeEverythingIsNew() throws Exception {
    BundleDiff diff = BundleDiff.of(out(), "main", STEADY);
    assertThat(diff.changes())
        .isNotEmpty()
        .allSatisfy(change -> assertThat(change.kind()).isEqualTo(BundleDiff.Kind.ADDED));
    assertThat(out()).doesNotExist();
  }
}
