package io.understudy.node.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every source file of the repository must have, in all modules. */
class TidyTest {
  private static final int LINES_MAX = 500;
  private static final ImmutableSet<String> NOT_SOURCES =
      ImmutableSet.of("target", ".git", ".m2", "node_modules");
  private static final ImmutableSet<String> TEXTS =
      ImmutableSet.of("java", "proto", "xml", "md", "sh", "yaml", "html", "properties");

  /** Put together here, so that this file does not find itself. */
  private static final Pattern LEFT_OVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

  private static ImmutableList<Path> files = ImmutableList.of();

  @BeforeAll
  static void findFiles() throws IOException {
    ImmutableList.Builder<Path> found = ImmutableList.builder();
    Files.walkFileTree(
        repository(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return NOT_SOURCES.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
          }
        });
    files = found.build();
  }

  /** The outermost folder with a pom.xml, from the module upwards. */
  private static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    Path outermost = folder;
    while (folder != null && Files.exists(folder.resolve("pom.xml"))) {
      outermost = folder;
      folder = folder.getParent();
    }
    return outermost;
  }

  private static ImmutableList<Path> javaFiles() {
    return files.stream()
        .filter(file -> file.toString().endsWith(".java"))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<Path> javaPackages() {
    return javaFiles().stream()
        .map(Path::getParent)
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<Path> offending(ImmutableList<Path> among, Predicate<Path> wrong) {
    return among.stream().filter(wrong).collect(ImmutableList.toImmutableList());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }

  @Test
  void theWholeRepositoryIsLookedAt() {
    assertThat(javaPackages().stream().map(Path::toString))
        .anyMatch(name -> name.endsWith("node/core/failover"))
        .anyMatch(name -> name.endsWith("io/understudy/controller/verb"))
        .anyMatch(name -> name.endsWith("io/understudy/simulator/broker"));
  }

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() {
    assertThat(
            offending(
                javaPackages(),
                folder -> {
                  Path info = folder.resolve("package-info.java");
                  return !Files.exists(info)
                      || !text(info).contains("@NullMarked")
                      || !text(info).contains("/**");
                }))
        .as("packages without a package-info.java that has a sentence and @NullMarked")
        .isEmpty();
  }

  @Test
  void noSourceFileIsLongerThanPeopleRead() {
    assertThat(
            offending(
                javaFiles(),
                file ->
                    file.toString().contains("/src/main/")
                        && text(file).lines().count() > LINES_MAX))
        .as("files of more than " + LINES_MAX + " lines: split them by what they are about")
        .isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    assertThat(
            offending(
                files,
                file ->
                    TEXTS.contains(com.google.common.io.Files.getFileExtension(file.toString()))
                        && LEFT_OVER.matcher(text(file)).find()))
        .as("files that put something off: do it, or open an issue")
        .isEmpty();
  }
}
