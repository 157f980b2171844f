package io.understudy.controller.verb;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of verbs that change keys and certificates. */
final class AuthorityOptions {
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Say what would be done; change nothing.")
  private boolean dryRun;

  ClusterOptions cluster() {
    return cluster;
  }

  boolean yes() {
    return yes;
  }

  boolean dryRun() {
    return dryRun;
  }
}
