package io.understudy.controller.support;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.machine.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * One archive of texts, of which every one goes through the redaction, its own list of what is
 * missing too. It can be read by its owner alone from its first byte on, and has its name only when
 * it is whole.
 */
final class SupportArchive implements AutoCloseable {
  static final String MISSING = "MISSING.txt";
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path draft;
  private final ZipOutputStream zip;
  private final Redaction redaction;
  private final List<String> missing = new ArrayList<>();
  private int parts;

  private SupportArchive(Path draft, Redaction redaction) throws IOException {
    this.draft = draft;
    this.redaction = redaction;
    zip = new ZipOutputStream(Files.newOutputStream(draft));
  }

  /** Begins a draft beside the file. */
  static SupportArchive begin(Path file, Redaction redaction) throws IOException {
    Path draft = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    return new SupportArchive(Files.createFile(draft, OWNER_ONLY), redaction);
  }

  /** Adds a part, or notes why it is not to be had. */
  void add(String name, Answer<String> part) throws IOException {
    switch (part) {
      case Answer.Known<String>(String text) -> write(name, text);
      case Answer.Unknown<String> unknown -> lacks(name, unknown.sentence());
    }
  }

  void lacks(String name, String why) {
    missing.add(name + ": " + redaction.apply(why));
  }

  private void write(String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(redaction.apply(text).getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
    parts++;
  }

  /** Ends it under its name. */
  SupportBundle.Report finish(Path file) throws IOException {
    int collected = parts;
    if (!missing.isEmpty()) {
      write(MISSING, String.join("\n", missing) + "\n");
    }
    zip.close();
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new SupportBundle.Report(collected, ImmutableList.copyOf(missing));
  }

  @Override
  public void close() throws IOException {
    try (zip) {
      Files.deleteIfExists(draft);
    }
  }
}
