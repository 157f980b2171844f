package io.understudy.controller.verb;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version of this program. */
final class Version {
  private Version() {}

  /** From the jar; a build that runs from class files has none. */
  static String current() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }

  /** For {@code --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"understudy " + current()};
    }
  }
}
