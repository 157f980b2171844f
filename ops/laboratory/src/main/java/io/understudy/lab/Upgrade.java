package io.understudy.lab;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Takes a cluster of real processes from an earlier build to this one, node by node, and back
 * again, as an operator would, while trading clients try both relays and the broker judges.
 */
@Command(
    name = "upgrade",
    mixinStandardHelpOptions = true,
    description = "A rolling upgrade between two builds, and the rollback of it.")
public final class Upgrade implements Callable<Integer> {
  @Option(names = "--from-root", required = true, description = "Where the earlier one is built.")
  private Path fromRoot = Path.of("");

  @Option(names = "--from", required = true, description = "Its tag or commit.")
  private String from = "";

  private final PrintStream out = System.out;

  private Upgrade() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new Upgrade()).execute(arguments));
  }

  @Override
  public Integer call() {
    return LoopbackRun.of(out, this::take);
  }

  private void take(LabProcesses processes, LabDirectory directory) {
    Installation present = Installation.find().packaged();
    Installation former = new Installation(fromRoot, Installation.Form.JARS);
    UpgradeTable table =
        new UpgradeTable(
            out,
            present.root().resolve("target/lab/upgrade.md"),
            "From %s to this version and back:".formatted(from));
    long start = System.nanoTime();
    try (LabCluster cluster =
        LabCluster.start(
            processes,
            present,
            former,
            directory.path(),
            LabSettings.patient(LabSettings.SecondFactor.TOTP))) {
      out.println(
          "Started a cluster on loopback whose nodes run %s (%s)"
              .formatted(from, Narrator.seconds(Duration.ofNanos(System.nanoTime() - start))));
      try (UpgradeSteps steps = UpgradeSteps.in(cluster, former, present)) {
        steps.take(table);
      }
    }
    out.println("All passed; the table is " + table.file());
  }
}
