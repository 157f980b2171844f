package io.understudy.controller.verb;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Failovers that are practised. */
@Command(
    name = "drill",
    description = "Practise a failover on the running cluster, measure it, and report it.")
final class DrillVerb implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  /** The group with its verbs, in the order in which they are used. */
  static CommandLine line(Understudy root) {
    return new CommandLine(new DrillVerb())
        .addSubcommand(new DrillPlanVerb(root))
        .addSubcommand(new DrillRunVerb(root))
        .addSubcommand(new DrillAbortVerb(root))
        .addSubcommand(new DrillListVerb(root))
        .addSubcommand(new DrillReportVerb(root))
        .addSubcommand(new DrillScheduleVerb(root));
  }

  @Override
  public void run() {
    CommandSpec own = spec;
    if (own != null) {
      throw new ParameterException(own.commandLine(), "A verb of drill is missing.");
    }
  }
}
