package io.understudy.node.core.drill;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * What a leader holds, to compare before and after.
 *
 * @param positionsCompared in the last comparison with the engine's books
 * @param discrepancies found in it
 * @param openOrders counted in it; empty where nobody counted them
 * @param sessions nodes whose gateway has an established brokerage session
 */
@Immutable
public record DrillSight(
    Instant at,
    NodeId node,
    Epoch epoch,
    int positionsCompared,
    int discrepancies,
    Optional<Integer> openOrders,
    int sessions) {}
