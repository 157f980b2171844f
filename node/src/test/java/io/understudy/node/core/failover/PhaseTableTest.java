package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PhaseTableTest {
  private static final String BEGIN = "<!-- phases:begin -->\n";
  private static final String END = "<!-- phases:end -->";

  private static Table<Phase, Signal, Phase> table() {
    Table<Phase, Signal, Phase> table = HashBasedTable.create();
    PhaseTable.all().forEach(c -> table.put(c.getRowKey(), c.getColumnKey(), c.getValue()));
    return table;
  }

  @Test
  void everyPairIsEitherInTheTableOrABug() {
    Table<Phase, Signal, Phase> table = table();
    for (Phase phase : Phase.values()) {
      for (Signal signal : Signal.values()) {
        Phase next = table.get(phase, signal);
        if (next == null) {
          assertThatThrownBy(() -> PhaseTable.next(phase, signal))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage(phase + " does not know " + signal);
        } else {
          assertThat(PhaseTable.next(phase, signal)).isEqualTo(next);
        }
      }
    }
  }

  @Test
  void everySignalMovesSomethingAndEveryPhaseCanBeLeftAndReached() {
    Table<Phase, Signal, Phase> table = table();
    assertThat(table.columnKeySet()).containsExactlyInAnyOrder(Signal.values());
    assertThat(table.rowKeySet()).containsExactlyInAnyOrder(Phase.values());
    assertThat(EnumSet.copyOf(table.values())).containsExactlyInAnyOrder(Phase.values());
  }

  @Test
  void whereverAGatewayMayBeLoggedInTheEndOfTheLeaseFences() {
    Set<Phase> loggedIn =
        EnumSet.of(
            Phase.LOGGING_IN,
            Phase.VERIFYING,
            Phase.RECONCILING,
            Phase.SERVING,
            Phase.CEDING,
            Phase.NEEDS_OPERATOR);
    for (Phase phase : loggedIn) {
      assertThat(PhaseTable.next(phase, Signal.LEASE_ENDING)).isEqualTo(Phase.SELF_FENCING);
    }
  }

  @Test
  void servingIsReachedOnlyThroughReconciling() {
    PhaseTable.all()
        .forEach(cell -> {
          if (cell.getValue() == Phase.SERVING) {
            assertThat(cell.getRowKey()).isEqualTo(Phase.RECONCILING);
          }
        });
  }

  @Test
  void loggingInIsReachedFromFencingOrFromWhereCustodyIsHeldAlready() {
    Set<Phase> custody =
        EnumSet.of(
            Phase.FENCING, Phase.VERIFYING, Phase.RECONCILING, Phase.SERVING, Phase.NEEDS_OPERATOR);
    PhaseTable.all()
        .forEach(cell -> {
          if (cell.getValue() == Phase.LOGGING_IN) {
            assertThat(custody).contains(cell.getRowKey());
          }
        });
  }

  @Test
  void theDiagramInTheArchitectureIsTheTable() throws IOException {
    String page = Files.readString(repository().resolve("ARCHITECTURE.md"));
    int begin = page.indexOf(BEGIN);
    assertThat(begin).as("the marker " + BEGIN.strip()).isNotNegative();
    String shown = page.substring(begin + BEGIN.length(), page.indexOf(END, begin));
    assertThat(shown).isEqualTo(diagram());
  }

  /** The table as a Mermaid diagram; signals that lead from one phase to the same share a line. */
  private static String diagram() {
    StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    text.append("    [*] --> SELF_FENCING: a daemon begins\n");
    Table<Phase, Signal, Phase> table = table();
    for (Phase from : Phase.values()) {
      for (Phase to : Phase.values()) {
        StringBuilder signals = new StringBuilder();
        for (Signal signal : Signal.values()) {
          if (to == table.get(from, signal)) {
            signals.append(signals.isEmpty() ? "" : ", ").append(signal);
          }
        }
        if (!signals.isEmpty()) {
          text.append("    %s --> %s: %s%n".formatted(from, to, signals));
        }
      }
    }
    return text.append("    STANDBY --> [*]: the daemon exits\n```\n").toString();
  }

  private static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    return folder.endsWith("node") ? folder.resolveSibling("") : folder;
  }
}
