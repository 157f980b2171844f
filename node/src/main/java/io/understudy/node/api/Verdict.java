package io.understudy.node.api;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.v1.Result.Outcome;
import java.time.Duration;
import java.util.Optional;

/** Where an accepted command stands, judged from one look at the status. */
@Immutable
sealed interface Verdict {
  Verdict RUNNING = new Running();

  /** Not there yet. */
  @Immutable
  record Running() implements Verdict {}

  /** Over. */
  @Immutable
  record Reached(Ending ending) implements Verdict {}

  /**
   * Over if it still looks like this after the grace: other nodes' records arrive later than what
   * they follow from.
   */
  @Immutable
  record Settling(Ending ending, Duration grace) implements Verdict {}

  /** How an operation ended. */
  @Immutable
  record Ending(
      Outcome outcome,
      String sentence,
      Epoch epoch,
      Optional<ReconciliationReport> reconciliation) {}
}
