package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.controller.Harness;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a cluster file to bundles. */
final class ClusterRenderVerbTest {
  private Harness harness;
  private Path folder;
  private Path file;
  private Path out;

  @BeforeEach
  void start(@TempDir Path temporary) {
    harness = new Harness(temporary);
    folder = temporary.resolve("ours");
    file = folder.resolve("cluster.yaml");
    out = folder.resolve("bundles");
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  private void describe() throws Exception {
    Files.createDirectories(folder);
    Harness.Run run =
        harness.runAsIs(
            "cluster",
            "init",
            file.toString(),
            "--primary=alpha=198.51.100.1",
            "--standby=beta=198.51.100.2",
            "--witness=gamma=198.51.100.3",
            "--operator=anna");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private Harness.Run on(String verb, String... more) {
    String[] arguments = new String[more.length + 6];
    arguments[0] = "cluster";
    arguments[1] = verb;
    arguments[2] = "--file";
    arguments[3] = file.toString();
    arguments[4] = "--out";
    arguments[5] = out.toString();
    System.arraycopy(more, 0, arguments, 6, more.length);
    return harness.runAsIs(arguments);
  }

  @Test
  void theFirstTimeKeysAreMadeAndLaterNothingChanges() throws Exception {
    describe();
    Harness.Run first = on("render");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out())
        .contains("Made the keys and certificates of the cluster in " + folder + "/authority.")
        .contains("Wrote 4 bundles to " + out)
        .contains("copy " + out + "/gamma to its host and run its install.sh");
    assertThat(out.resolve("alpha/files/etc/wireguard/wg0.conf")).exists();
    assertThat(out.resolve("desk/files/etc/understudy/operators/anna/anna.key")).exists();

    Harness.Run second = on("render");
    assertThat(second.exitCode()).isZero();
    assertThat(second.out()).isEqualTo("Nothing to do: the bundles in " + out + " are right\n");
  }

  @Test
  void whatWouldChangeIsShownAndEndsWithThree() throws Exception {
    describe();
    assertThat(on("render").exitCode()).isZero();
    assertThat(on("diff").exitCode()).isZero();
    Files.writeString(file, Files.readString(file).replace("198.51.100.2", "198.51.100.22"));

    Harness.Run changed = on("diff");
    assertThat(changed.exitCode()).isEqualTo(3);
    assertThat(changed.out())
        .contains("changed  alpha/files/etc/wireguard/wg0.conf\n  a secret file")
        .contains("changed  alpha/files/etc/understudy/host.json")
        .doesNotContain("PrivateKey");
    assertThat(on("render").exitCode()).isZero();
    assertThat(on("diff").out())
        .isEqualTo("Nothing would change: the bundles in " + out + " are right\n");
  }

  @Test
  void keysThatAreMissingBesideBundlesAreNotMadeAnew() throws Exception {
    describe();
    assertThat(on("render").exitCode()).isZero();
    Harness.Run elsewhere = on("render", "--authority", folder.resolve("other").toString());
    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(elsewhere.err()).contains("name the folder with --authority, or restore its backup");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  void aDiffMakesNoKeys() throws Exception {
    describe();
    Harness.Run run = on("diff");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("understudy cluster render makes it");
    assertThat(folder.resolve("authority")).doesNotExist();
  }

  @Test
  void otherVotersAreShownByADiffAndRenderedOnlyWhenToldSo() throws Exception {
    describe();
    assertThat(on("render").exitCode()).isZero();
    Path state = folder.resolve("authority/state");
    String before = Files.readString(state);
    Files.writeString(file, Files.readString(file).replace("  beta:", "  delta:"));

    Harness.Run diff = on("diff");
    assertThat(diff.exitCode()).as(diff.err()).isEqualTo(3);
    assertThat(diff.out())
        .startsWith("The voting hosts are no longer those that were rendered last")
        .contains("would be made: WireGuard key wg0 delta")
        .contains("would be made: node certificate of delta")
        .contains("new      delta/files/etc/wireguard/wg0.conf")
        .contains("(would be made)");
    Harness.Run refused = on("render");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("render with --change-voters");
    assertThat(state).hasContent(before);
    assertThat(folder.resolve("authority/tunnel/wg0/hosts/delta.key")).doesNotExist();

    assertThat(on("render", "--change-voters").exitCode()).isZero();
    assertThat(out.resolve("delta/files/var/lib/understudy-zookeeper/myid")).hasContent("4");
    assertThat(out.resolve("gamma/files/var/lib/understudy-zookeeper/myid")).hasContent("3");
    assertThat(on("render").exitCode()).isZero();
  }

  @Test
  void aFolderWithSomethingElseIsRefused() throws Exception {
    describe();
    Files.createDirectories(out);
    Files.writeString(out.resolve("notes"), "mine\n");
    Harness.Run run = on("render");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("holds something else (notes)");
  }
}
