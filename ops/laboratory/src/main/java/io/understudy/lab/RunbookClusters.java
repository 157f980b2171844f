package io.understudy.lab;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Lends clusters to pages, one at a time. One that a page has used is put in order again for the
 * next page that needs the same kind; where that fails, there is a new one.
 */
final class RunbookClusters implements AutoCloseable {
  private final LabDirectory desk = LabDirectory.create();
  private Optional<Lent> lent = Optional.empty();

  /** A cluster with what has to end with it. */
  private record Lent(
      RunbookScenes.Needs needs,
      LabDirectory directory,
      LabProcesses processes,
      RunbookWorld world) {
    void end() {
      world.close();
      processes.close();
      directory.close();
    }
  }

  /** Where the pages' own folders are. */
  Path desk() {
    return desk.path();
  }

  /** A cluster of that kind that serves; none where none is needed. */
  Optional<RunbookWorld> with(RunbookScenes.Needs needs) {
    if (needs == RunbookScenes.Needs.DESK) {
      return Optional.empty();
    }
    if (lent.isPresent() && !fits(lent.orElseThrow(), needs)) {
      endLent();
    }
    if (lent.isEmpty()) {
      lent = Optional.of(start(needs));
    }
    return lent.map(Lent::world);
  }

  /** Somebody will want the logs of the present cluster. */
  void keepLogs() {
    lent.ifPresent(each -> each.directory().keep());
  }

  @Override
  public void close() {
    endLent();
    desk.close();
  }

  private Lent start(RunbookScenes.Needs needs) {
    LabDirectory directory = LabDirectory.create();
    LabProcesses processes =
        new LabProcesses(() -> {
          directory.close();
          desk.close();
        });
    LabSettings.SecondFactor secondFactor =
        needs == RunbookScenes.Needs.CLUSTER_WITH_CODES
            ? LabSettings.SecondFactor.TOTP
            : LabSettings.SecondFactor.NONE;
    try {
      return new Lent(
          needs, directory, processes, RunbookWorld.start(processes, directory, secondFactor));
    } catch (LabException e) {
      directory.keep();
      processes.close();
      throw e;
    }
  }

  private static boolean fits(Lent lent, RunbookScenes.Needs needs) {
    if (lent.needs() != needs || needs == RunbookScenes.Needs.FRESH_CLUSTER) {
      return false;
    }
    try {
      lent.world().settle();
      return true;
    } catch (LabException _) {
      return false;
    }
  }

  private void endLent() {
    lent.ifPresent(Lent::end);
    lent = Optional.empty();
  }
}
