package io.understudy.controller.drill;

import com.google.protobuf.Struct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/**
 * The three forms of a report in a folder. Each file is there as a whole or not at all; a report
 * that is written again replaces the former one, hand-written findings included, so those belong
 * into a copy.
 */
public record ReportFiles(Path markdown, Path json, Path svg) {
  /**
   * Writes the files, the folder too where it is not there.
   *
   * @param document makes text of data
   */
  public static ReportFiles write(
      DrillReport report, Path folder, Function<Struct, String> document) throws IOException {
    Files.createDirectories(folder);
    ReportFiles files =
        new ReportFiles(
            folder.resolve(report.name() + ".md"),
            folder.resolve(report.name() + ".json"),
            folder.resolve(report.name() + ".svg"));
    replace(files.svg(), SvgTimeline.of(report));
    replace(files.json(), document.apply(ReportData.of(report)));
    replace(files.markdown(), MarkdownReport.of(report));
    return files;
  }

  private static void replace(Path file, String text) throws IOException {
    Path beside =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.write(
          beside,
          text.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.DSYNC);
      move(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(to.getParent() + " cannot replace a file at once", e);
    }
  }
}
