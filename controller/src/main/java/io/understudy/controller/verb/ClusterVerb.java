package io.understudy.controller.verb;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A cluster as a file, and what comes of it. These verbs ask no node. */
@Command(
    name = "cluster",
    description = "Describe a cluster in one file, and make of it what each host needs.")
final class ClusterVerb implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** The group with its verbs, in the order in which they are used. */
  static CommandLine line(Understudy root) {
    return new CommandLine(new ClusterVerb())
        .addSubcommand(new ClusterInitVerb(root))
        .addSubcommand(new ClusterCheckVerb(root))
        .addSubcommand(new ClusterRenderVerb(root))
        .addSubcommand(new ClusterDiffVerb(root))
        .addSubcommand(new ClusterRotateVerb(root))
        .addSubcommand(new ClusterRevokeVerb(root))
        .addSubcommand(new ClusterDoctorVerb(root));
  }

  @Override
  public void run() {
    CommandSpec own = spec;
    if (own != null) {
      throw new ParameterException(own.commandLine(), "A verb of cluster is missing.");
    }
  }
}
