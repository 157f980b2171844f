package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;

/**
 * One line of a gateway's history: a transition or an operator's command.
 *
 * @param kind for example {@code Claimed}, {@code Serving}, {@code Ceded}, {@code Command}
 * @param actor the operator's name for a command, otherwise the node's
 */
@Immutable
public record HistoryEntry(
    Instant at, NodeId node, Epoch epoch, String kind, String actor, String sentence) {}
