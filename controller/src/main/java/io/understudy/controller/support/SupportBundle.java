package io.understudy.controller.support;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.ManifestJson;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects what a host can tell of itself. A part that cannot be had is noted and costs nothing
 * else. What has free text in it is left out when a secret could not be read: then nobody knows
 * whether it stands there.
 */
public final class SupportBundle {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int JOURNAL_BYTES_MAX = 1 << 24;
  private static final ImmutableList<String> UNITS_WITHOUT_MANIFEST =
      ImmutableList.of(
          "understudyd.service", "understudy-zookeeper.service", "understudy-firewall.service");
  private static final String UNIT_PROPERTIES =
      "--property=Id,LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus,NRestarts,"
          + "ActiveEnterTimestamp,StatusText,MemoryCurrent,TasksCurrent,NeedDaemonReload";

  private static final ImmutableList<String> PACKAGES =
      ImmutableList.of(
          "dpkg-query", "--show", "--showformat=${Package} ${Version} ${Status}\\n", "understudy*");
  private static final String LEFT_OUT =
      "left out, since not every secret could be read to make sure that none stands there (run it"
          + " as root)";

  private final HostFiles files;
  private final Machine machine;
  private final Answer<String> manifestText;
  private final Optional<HostManifest> manifest;
  private final NodeFile node;
  private final SecretSearch search;
  private final Map<String, Supplier<Answer<String>>> more = new LinkedHashMap<>();

  private SupportBundle(HostFiles files, Machine machine) {
    this.files = files;
    this.machine = machine;
    manifestText = files.end(HostManifest.TARGET, FILE_BYTES_MAX);
    manifest = parsed(manifestText);
    node =
        files.end(NodeFile.TARGET, FILE_BYTES_MAX) instanceof Answer.Known<String>(String text)
            ? NodeFile.parse(text)
            : NodeFile.UNKNOWN;
    search = SecretSearch.of(files, manifest, node);
  }

  /**
   * Of this host.
   *
   * @param root of the files, {@code /} on a real host
   */
  public static SupportBundle of(Path root, Machine machine) {
    return new SupportBundle(new HostFiles(root), machine);
  }

  /** What the host should be, if that is known. */
  public Optional<HostManifest> manifest() {
    return manifest;
  }

  /** Where the node serves {@code /metrics} and {@code /health}, if it does. */
  public Optional<String> http() {
    return node.http();
  }

  /** Adds a part that is made elsewhere. */
  @CanIgnoreReturnValue
  public SupportBundle with(String name, Supplier<Answer<String>> part) {
    more.put(name, part);
    return this;
  }

  /** What was collected, and what is missing with the reason. */
  public record Report(int parts, ImmutableList<String> missing) {}

  /** Writes the archive, readable by its owner alone. */
  public Report write(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    try (SupportArchive archive = SupportArchive.begin(absolute, new Redaction(search.secrets()))) {
      archive.add("host.json", manifestText);
      configuration(archive);
      archive.add("units.txt", machine.output(units("systemctl", "show", UNIT_PROPERTIES)));
      archive.add("packages.txt", machine.output(PACKAGES));
      archive.add("system.txt", files.end("/usr/lib/os-release", FILE_BYTES_MAX));
      if (search.unread().isEmpty()) {
        journals(archive);
      } else {
        search.unread().forEach(why -> archive.lacks("comparison with secrets", why));
        archive.lacks("journal/ and daemon-journal/", LEFT_OUT);
      }
      for (Map.Entry<String, Supplier<Answer<String>>> part : more.entrySet()) {
        archive.add(part.getKey(), part.getValue().get());
      }
      return archive.finish(absolute);
    }
  }

  /** Every file of the bundle that anybody may read; of the others only that they are there. */
  private void configuration(SupportArchive archive) throws IOException {
    ImmutableList<String> targets =
        manifest
            .map(host ->
                host.files().stream()
                    .filter(file -> !file.target().equals(HostManifest.TARGET))
                    .filter(file -> !SecretSearch.isSecret(file))
                    .map(InstalledFile::target)
                    .collect(toImmutableList()))
            .orElse(ImmutableList.of(NodeFile.TARGET));
    for (String target : targets) {
      archive.add("files" + target, files.end(target, FILE_BYTES_MAX));
    }
    ImmutableList<String> secret =
        manifest.stream()
            .flatMap(host -> host.files().stream())
            .filter(SecretSearch::isSecret)
            .map(InstalledFile::target)
            .collect(toImmutableList());
    for (String target : secret) {
      archive.lacks("files" + target, "left out, since it holds a secret");
    }
  }

  private ImmutableList<String> names() {
    return manifest.map(HostManifest::units).orElse(UNITS_WITHOUT_MANIFEST);
  }

  private ImmutableList<String> units(String... command) {
    return ImmutableList.<String>builder().add(command).addAll(names()).build();
  }

  private void journals(SupportArchive archive) throws IOException {
    for (String unit : names()) {
      archive.add("journal/" + unit + ".txt", machine.output(journal(unit)));
    }
    String folder = node.stateDirectory() + "/journal";
    switch (files.in(folder)) {
      case Answer.Known<ImmutableList<String>>(ImmutableList<String> found) -> {
        int left = JOURNAL_BYTES_MAX;
        // journal.jsonl is the one that is written, journal.1.jsonl the one before it.
        for (String path : found.reverse()) {
          Answer<String> text = files.end(path, left);
          archive.add("daemon-journal/" + path.substring(folder.length() + 1), text);
          left -= text instanceof Answer.Known<String>(String read) ? read.length() : 0;
        }
      }
      case Answer.Unknown<ImmutableList<String>> unknown ->
          archive.lacks("daemon-journal/", unknown.sentence());
    }
  }

  /** Of the last day, the newest lines. */
  private static ImmutableList<String> journal(String unit) {
    return ImmutableList.of(
        "journalctl",
        "--unit=" + unit,
        "--since=-24h",
        "--lines=2000",
        "--no-pager",
        "--output=short-iso-precise");
  }

  private static Optional<HostManifest> parsed(Answer<String> text) {
    try {
      return text instanceof Answer.Known<String>(String json)
          ? Optional.of(ManifestJson.read(json))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      // Its text is in the archive, wrong as it is.
      return Optional.empty();
    }
  }
}
