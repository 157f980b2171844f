package io.understudy.lab;

import java.nio.file.Path;

/**
 * The private directory of one run. Removed at its end, also when somebody interrupts the run; kept
 * when the run fails, so that its logs can be read. Thread-safe: a shutdown hook may close it.
 */
final class LabDirectory implements AutoCloseable {
  private final Path path = PrivateFiles.temporaryDirectory("understudy-lab-");
  private volatile boolean kept;

  private LabDirectory() {}

  static LabDirectory create() {
    return new LabDirectory();
  }

  Path path() {
    return path;
  }

  /** Something went wrong: somebody will want the logs. */
  void keep() {
    kept = true;
  }

  boolean kept() {
    return kept;
  }

  @Override
  public void close() {
    if (!kept) {
      PrivateFiles.deleteTree(path);
    }
  }
}
