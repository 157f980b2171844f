package io.understudy.controller.verb;

import io.understudy.controller.client.Failure;
import io.understudy.controller.drill.ClientView;
import io.understudy.controller.drill.DrillReport;
import io.understudy.controller.drill.ReportFiles;
import io.understudy.controller.output.DocumentPrinter;
import io.understudy.v1.Drill;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes reports of drills into a folder. */
final class Reports {
  /** In the working directory. */
  static final String FOLDER_DEFAULT = "drills";

  private Reports() {}

  /** Finds out before a drill that its report will have a place. */
  static void prepare(Path folder) {
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new AccessDeniedException(folder.toString());
      }
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  static ReportFiles write(Drill drill, Optional<ClientView> client, Path folder) {
    DrillReport report = DrillReport.of(drill, client, Version.current());
    try {
      return ReportFiles.write(report, folder, DocumentPrinter::document);
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static Failure failure(Path folder, IOException e) {
    return Failure.usage(
        "No report can be written to " + folder + ": " + why(e) + " (choose another folder).");
  }

  private static String why(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it is a file";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    };
  }
}
