package io.understudy.node.sim;

import com.google.common.collect.ImmutableSet;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which run is wanted. Everything else follows from it: the same plan gives the same run.
 *
 * @param nodes how many; drawn by chance when empty
 * @param cells that many gateways on two nodes with the defaults; drawn by chance when empty
 * @param troubled nanoseconds during which anything may fail; drawn by chance when empty
 * @param without deeds that are left out
 * @param traced whether the lines of the trace are made
 */
record Plan(
    long seed,
    OptionalInt nodes,
    OptionalInt cells,
    OptionalLong troubled,
    ImmutableSet<Deed> without,
    boolean traced) {
  static Plan of(long seed) {
    return new Plan(
        seed,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        ImmutableSet.of(),
        false);
  }

  Plan without(ImmutableSet<Deed> deeds) {
    return new Plan(seed, nodes, cells, troubled, deeds, traced);
  }

  Plan withTrace() {
    return new Plan(seed, nodes, cells, troubled, without, true);
  }

  Plan withNodes(int number) {
    return new Plan(seed, OptionalInt.of(number), cells, troubled, without, traced);
  }

  /** The load case. */
  Plan withCells(int number) {
    return new Plan(seed, OptionalInt.of(2), OptionalInt.of(number), troubled, without, traced);
  }

  Plan withTroubled(long nanos) {
    return new Plan(seed, nodes, cells, OptionalLong.of(nanos), without, traced);
  }
}
