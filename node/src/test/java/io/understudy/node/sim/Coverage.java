package io.understudy.node.sim;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.Iterables;
import com.google.common.collect.Table;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.failover.PhaseTable;
import io.understudy.node.core.failover.Signal;
import java.util.ArrayList;
import java.util.List;

/** Which transitions of the phase table were taken, and how often. */
final class Coverage {
  private final Table<Phase, Signal, Long> taken = HashBasedTable.create();

  void taken(Phase from, Signal signal) {
    Long before = taken.get(from, signal);
    taken.put(from, signal, before == null ? 1 : before + 1);
  }

  /** Adds what another has seen. */
  void add(Coverage other) {
    for (Table.Cell<Phase, Signal, Long> cell : other.taken.cellSet()) {
      Long before = taken.get(cell.getRowKey(), cell.getColumnKey());
      taken.put(
          cell.getRowKey(), cell.getColumnKey(), cell.getValue() + (before == null ? 0 : before));
    }
  }

  int known() {
    return Iterables.size(PhaseTable.all());
  }

  long total() {
    return taken.values().stream().mapToLong(Long::longValue).sum();
  }

  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Table.Cell<Phase, Signal, Phase> cell : PhaseTable.all()) {
      if (!taken.contains(cell.getRowKey(), cell.getColumnKey())) {
        missing.add(cell.getRowKey() + " on " + cell.getColumnKey());
      }
    }
    return missing;
  }

  @Override
  public String toString() {
    return taken.toString();
  }
}
