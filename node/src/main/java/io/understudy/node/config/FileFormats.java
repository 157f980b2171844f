package io.understudy.node.config;

import io.understudy.settings.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Values that name files, relative to the directory of the configuration file, and checked while it
 * is read.
 */
record FileFormats(Path base, Instant now) {
  private static final Path NOWHERE = Path.of("/nonexistent");

  /** A check of a file; says nothing when it can be used. */
  private interface Check {
    void run(Path file) throws Format.Rejected;
  }

  Format<Path> secret() {
    return checked("a secret file", SecretFile::checkedText);
  }

  /** A secret file that may come and go. */
  Format<Path> viewerToken() {
    return checked("a file for the viewer token", PageConfig::check);
  }

  Format<Path> certificate() {
    return checked("a certificate file (PEM)", file -> PemFile.certificates(file, now));
  }

  Format<Path> privateKey() {
    return checked("a private key file (PEM)", PemFile::checkedKey);
  }

  Format<Path> revoked() {
    return checked("a file with revoked serial numbers", RevokedFile::read);
  }

  Format<Path> privateDirectory() {
    return described("a directory", PrivateDirectory::problem);
  }

  Format<Path> directory() {
    return described(
        "a directory", path -> unless(Files.isDirectory(path), path + ": no such directory"));
  }

  Format<Path> executable() {
    return described(
        "a program", path -> unless(Files.isExecutable(path), path + ": no such program"));
  }

  /** A file that may come and go. */
  Format<Path> file() {
    return described("a file", path -> unless(!Files.isDirectory(path), path + ": a directory"));
  }

  private Format<Path> described(String expected, Function<Path, Optional<String>> problem) {
    return checked(
        expected,
        path -> {
          Optional<String> sentence = problem.apply(path);
          if (sentence.isPresent()) {
            throw new Format.Rejected(sentence.get());
          }
        });
  }

  private Format<Path> checked(String expected, Check check) {
    return new Format<>(
        expected,
        NOWHERE,
        text -> {
          if (text.isBlank()) {
            throw new IllegalArgumentException(text);
          }
          Path path = base.resolve(text).normalize();
          check.run(path);
          return path;
        },
        Path::toString);
  }

  private static Optional<String> unless(boolean fine, String sentence) {
    return fine ? Optional.empty() : Optional.of(sentence);
  }
}
