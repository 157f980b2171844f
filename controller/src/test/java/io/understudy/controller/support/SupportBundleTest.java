package io.understudy.controller.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupportBundleTest {
  @TempDir private Path root;
  @TempDir private Path folder;
  private SecretHost host;
  private Path file;
  private final List<ImmutableList<String>> asked = new ArrayList<>();

  @BeforeEach
  void layOut() throws Exception {
    host = new SecretHost(root).lay("127.0.0.1:1");
    file = folder.resolve("support.zip");
  }

  /** Commands that print every secret, or none that are there. */
  private class Commands implements Machine {
    private final boolean there;

    Commands(boolean there) {
      this.there = there;
    }

    @Override
    public Answer<String> output(ImmutableList<String> command) {
      asked.add(command);
      return there
          ? Answer.known(command.getFirst() + " says\n" + host.leaks())
          : absent(command.getFirst());
    }

    private <T> Answer<T> absent(String what) {
      return Answer.unknown(Answer.Cause.ABSENT, "the program " + what + " is not installed");
    }

    @Override
    public Answer<FileFacts> file(String path) {
      return absent(path);
    }

    @Override
    public Answer<Boolean> executable(String path) {
      return absent(path);
    }

    @Override
    public Answer<String> text(String path) {
      return absent(path);
    }

    @Override
    public Answer<ImmutableList<String>> filesBelow(String directory) {
      return absent(directory);
    }

    @Override
    public Answer<ServerReport> server(
        CoordinationServer server, CertificateFiles identity, Duration timeoutWanted) {
      return absent(server.host());
    }

    @Override
    public Answer<ClockOffset> clockOffset(String address, int httpPort) {
      return absent(address);
    }

    @Override
    public Answer<Boolean> accepts(String address, int port) {
      return absent(address);
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }
  }

  /** A journal whose lines all have the same length, with its newest line at the end. */
  private final class LongJournal extends Commands {
    private final int lineLength;

    LongJournal(int lineLength) {
      super(true);
      this.lineLength = lineLength;
    }

    @Override
    public Answer<String> output(ImmutableList<String> command) {
      if (!command.getFirst().equals("journalctl")) {
        return super.output(command);
      }
      int lines =
          command.stream()
              .filter(word -> word.startsWith("--lines="))
              .mapToInt(word -> Integer.parseInt(word.substring("--lines=".length())))
              .findFirst()
              .orElseThrow();
      int enough = Math.min(lines, OUTPUT_BYTES_MAX / lineLength + 1);
      String text = ("x".repeat(lineLength - 1) + "\n").repeat(enough) + "the newest\n";
      return Answer.known(text.substring(0, Math.min(text.length(), OUTPUT_BYTES_MAX)));
    }
  }

  private Archive collected(boolean commands) throws Exception {
    SupportBundle.Report report =
        SupportBundle.of(root, new Commands(commands))
            .with("metrics.txt", () -> Answer.known("metric{word=\"x\"} 1\n" + host.leaks()))
            .with(
                "health.json",
                () -> Answer.unknown(Answer.Cause.FAILED, "no answer: " + host.leaks()))
            .write(file);
    assertThat(report.missing()).isNotEmpty();
    return Archive.read(file);
  }

  @Test
  void noSecretIsAnywhereInTheArchiveInWhateverForm() throws Exception {
    Archive archive = collected(true);

    archive.holdsNoneOf(host.secrets());
    String all = String.join("\n", archive.parts().values());
    assertThat(all)
        .doesNotContain(
            "PRIVATE KEY",
            "abc123",
            "somebody wrote",
            "AbCdEf0123456789",
            "s3same",
            "other-s3cret");
  }

  @Test
  void whatHelpsIsThere() throws Exception {
    Archive archive = collected(true);

    assertThat(archive.part("host.json")).contains("\"alpha\"");
    assertThat(archive.part("files/etc/understudy/understudyd.yaml"))
        .contains(
            "state-directory: /var/lib/understudy",
            "password-file: /run/credentials/understudyd.service/live-password",
            "token-file: [removed]",
            "key: /etc/understudy/tls/node.key");
    assertThat(archive.part("files/etc/systemd/system/understudyd.service")).contains("[Service]");
    assertThat(archive.part("units.txt")).contains("systemctl says");
    assertThat(archive.part("journal/understudyd.service.txt")).contains("journalctl says");
    assertThat(archive.part("daemon-journal/journal.jsonl")).contains("{\"at\":1}");
    assertThat(archive.part("metrics.txt")).contains("metric{word=\"x\"} 1");
    assertThat(asked)
        .anySatisfy(command ->
            assertThat(command)
                .contains("journalctl", "--unit=understudyd.service", "--since=-24h"));
  }

  @Test
  void whatCouldNotBeHadIsToldWithTheReason() throws Exception {
    assertThat(collected(false).part("MISSING.txt"))
        .contains(
            "units.txt: the program systemctl is not installed",
            "journal/understudyd.service.txt: the program journalctl is not installed",
            "files/etc/understudy/none.conf: /etc/understudy/none.conf does not exist",
            "files/etc/wireguard/wg0.conf: left out, since it holds a secret",
            "health.json: no answer");
  }

  @Test
  void ofLongLinesFewerAreThereButTheNewestAlways() throws Exception {
    var _ = SupportBundle.of(root, new LongJournal(4000)).write(file);

    Archive archive = Archive.read(file);
    String journal = archive.part("journal/understudyd.service.txt");
    assertThat(journal.lines()).hasSize(501);
    assertThat(journal).endsWith("the newest\n");
    assertThat(archive.part("MISSING.txt"))
        .contains("journal/understudyd.service.txt: only the newest 500 lines are there");
  }

  @Test
  void aJournalThatCannotBeHadWithItsNewestLinesIsMissing() throws Exception {
    var _ = SupportBundle.of(root, new LongJournal(1_000_000)).write(file);

    Archive archive = Archive.read(file);
    assertThat(archive.parts()).doesNotContainKey("journal/understudyd.service.txt");
    assertThat(archive.part("MISSING.txt"))
        .contains("journal/understudyd.service.txt: its newest 7 lines are too long");
  }

  @Test
  void theNewestFilesOfTheDaemonsJournalComeFirst() throws Exception {
    Path folder = root.resolve("var/lib/understudy/journal");
    Files.delete(folder.resolve("journal.1.jsonl"));
    for (String name : List.of("1", "2", "9", "10")) {
      Files.writeString(folder.resolve("journal." + name + ".jsonl"), "{\"age\":" + name + "}\n");
    }
    Files.writeString(folder.resolve("a-note"), "of somebody\n");

    assertThat(collected(true).parts().keySet())
        .filteredOn(name -> name.startsWith("daemon-journal/"))
        .containsExactly(
            "daemon-journal/journal.jsonl",
            "daemon-journal/journal.1.jsonl",
            "daemon-journal/journal.2.jsonl",
            "daemon-journal/journal.9.jsonl",
            "daemon-journal/journal.10.jsonl",
            "daemon-journal/a-note");
  }

  @Test
  void whatIsTooMuchOfTheDaemonsJournalIsItsOldestPart() throws Exception {
    Path folder = root.resolve("var/lib/understudy/journal");
    Files.delete(folder.resolve("journal.1.jsonl"));
    for (int age = 0; age <= 3; age++) {
      Files.writeString(
          folder.resolve(age == 0 ? "journal.jsonl" : "journal." + age + ".jsonl"),
          ("x".repeat(1023) + "\n").repeat(8192));
    }

    Archive archive = collected(true);

    assertThat(archive.parts())
        .containsKey("daemon-journal/journal.1.jsonl")
        .doesNotContainKeys("daemon-journal/journal.2.jsonl", "daemon-journal/journal.3.jsonl");
    assertThat(archive.part("MISSING.txt"))
        .contains(
            "daemon-journal/journal.2.jsonl: left out", "daemon-journal/journal.3.jsonl: left");
  }

  @Test
  void anAddressThatAlertsArePostedToIsNowhere() throws Exception {
    String address = "https://hooks.example.org/services/T00/B00/x9x9";
    Path conf = root.resolve("etc/understudy/alertmanager/alertmanager.yml");
    Files.createDirectories(conf.getParent());
    Files.writeString(conf, "webhook_configs:\n  - url: \"" + address + "\"\n");
    Files.writeString(
        root.resolve("var/lib/understudy/journal/journal.jsonl"),
        "Post " + address + ": refused\n");

    assertThat(collected(true).part("daemon-journal/journal.jsonl"))
        .isEqualTo("Post [removed]: refused\n");
  }

  @Test
  void aLinkToASecretIsNotFollowed() throws Exception {
    Files.delete(root.resolve("etc/systemd/system/understudyd.service"));
    Files.createSymbolicLink(
        root.resolve("etc/systemd/system/understudyd.service"),
        root.resolve("etc/understudy/credentials/live-password"));

    Archive archive = collected(true);

    archive.holdsNoneOf(host.secrets());
    assertThat(archive.parts())
        .doesNotContainKeys(
            "daemon-journal/journal.1.jsonl", "files/etc/systemd/system/understudyd.service");
    assertThat(archive.part("MISSING.txt")).contains("is reached by a link, not followed");
  }

  @Test
  void whereASecretCannotBeReadFreeTextIsLeftOut() throws Exception {
    Path secret = root.resolve("etc/understudy/viewer-token");
    Files.delete(secret);
    Files.createSymbolicLink(secret, root.resolve("etc/understudy/tls/node.key"));

    Archive archive = collected(true);

    assertThat(archive.parts().keySet())
        .noneMatch(name -> name.startsWith("journal/") || name.startsWith("daemon-journal/"));
    assertThat(archive.part("MISSING.txt")).contains("left out, since not every secret");
  }

  @Test
  void aSealedSecretIsComparedWhileTheDaemonRuns() throws Exception {
    Path sealed = root.resolve("etc/understudy/credentials/paper-password.cred");
    Files.writeString(sealed, "sealed by this host");

    assertThat(collected(true).part("MISSING.txt"))
        .contains("paper-password.cred is sealed", "left out, since not every secret");

    Path opened = root.resolve("run/credentials/understudyd.service/paper-password");
    Files.createDirectories(opened.getParent());
    Files.writeString(opened, "says");
    Archive archive = collected(true);
    assertThat(archive.part("journal/understudyd.service.txt")).doesNotContain("says");
  }

  @Test
  void theArchiveIsForItsOwnerAloneAndLeavesNoDraft() throws Exception {
    Files.writeString(file, "an older one");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    Archive _ = collected(true);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void onAHostThatIsNoneOfAClusterTheRestIsCollectedAllTheSame() throws Exception {
    Files.delete(root.resolve("etc/understudy/host.json"));

    Archive archive = collected(true);

    archive.holdsNoneOf(host.secrets());
    assertThat(archive.part("MISSING.txt")).contains("host.json: /etc/understudy/host.json does");
  }
}
