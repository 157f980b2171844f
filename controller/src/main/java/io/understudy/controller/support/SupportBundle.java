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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects what a host can tell of itself. A part that cannot be had is noted and costs nothing
 * else. What has free text in it is left out when a secret could not be read: then nobody knows
 * whether it stands there.
 */
public final class SupportBundle {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int JOURNAL_BYTES_MAX = 1 << 24;
  private static final int JOURNAL_LINES_MAX = 2000;
  private static final int JOURNAL_LINES_MIN = 20;
  private static final int FEWER_LINES = 4;

  /** The daemon's journal: without a number the file that is written, then by age. */
  private static final Pattern DAEMON_JOURNAL =
      Pattern.compile(".*/journal(?:\\.(\\d{1,9}))?\\.jsonl");

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
        search.unread().forEach(why -> archive.lacks("comparison", why));
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
      journal(archive, unit);
    }
    String folder = node.stateDirectory() + "/journal";
    switch (files.in(folder)) {
      case Answer.Known<ImmutableList<String>>(ImmutableList<String> found) -> {
        int left = JOURNAL_BYTES_MAX;
        for (String path : newestFirst(found)) {
          String name = "daemon-journal/" + path.substring(folder.length() + 1);
          if (left <= 0) {
            archive.lacks(name, "left out, since the newer files are large enough");
            continue;
          }
          Answer<String> text = files.end(path, left);
          archive.add(name, text);
          left -= text instanceof Answer.Known<String>(String read) ? bytes(read) : 0;
        }
      }
      case Answer.Unknown<ImmutableList<String>> unknown ->
          archive.lacks("daemon-journal/", unknown.sentence());
    }
  }

  /** Files of another name come last. */
  private static ImmutableList<String> newestFirst(ImmutableList<String> paths) {
    return ImmutableList.sortedCopyOf(Comparator.comparingInt(SupportBundle::age), paths);
  }

  private static int age(String path) {
    Matcher journal = DAEMON_JOURNAL.matcher(path);
    if (!journal.matches()) {
      return Integer.MAX_VALUE;
    }
    return Optional.ofNullable(journal.group(1)).map(Integer::parseInt).orElse(0);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Fewer lines where they are too long: what is cut off are never the newest. */
  private void journal(SupportArchive archive, String unit) throws IOException {
    String name = "journal/" + unit + ".txt";
    int lines = JOURNAL_LINES_MAX;
    Answer<String> text = machine.output(journal(unit, lines));
    while (isCut(text) && lines > JOURNAL_LINES_MIN) {
      lines /= FEWER_LINES;
      text = machine.output(journal(unit, lines));
    }
    if (isCut(text)) {
      archive.lacks(name, "its newest %d lines are too long to be collected".formatted(lines));
      return;
    }
    archive.add(name, text);
    if (lines < JOURNAL_LINES_MAX) {
      archive.lacks(
          name, "only the newest %d lines are there, since they are long".formatted(lines));
    }
  }

  private static boolean isCut(Answer<String> output) {
    return output instanceof Answer.Known<String>(String text)
        && bytes(text) >= Machine.OUTPUT_BYTES_MAX;
  }

  /** Of the last day, the newest lines. */
  private static ImmutableList<String> journal(String unit, int lines) {
    return ImmutableList.of(
        "journalctl",
        "--unit=" + unit,
        "--since=-24h",
        "--lines=" + lines,
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
