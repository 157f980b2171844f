package io.understudy.node.core.leadership;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.NodeId;
import java.util.Optional;

/**
 * A gateway's election as read from coordination.
 *
 * @param candidates in order of election; the first is elected
 * @param own this process's ticket, if it stands in the election
 * @param ownFirst whether {@code own} is the first ticket
 */
@Immutable
public record ElectionView(
    ImmutableList<NodeId> candidates, Optional<ElectionTicket> own, boolean ownFirst) {
  public static final ElectionView EMPTY =
      new ElectionView(ImmutableList.of(), Optional.empty(), false);

  public Optional<NodeId> elected() {
    return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.getFirst());
  }
}
