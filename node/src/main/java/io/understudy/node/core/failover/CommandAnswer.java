package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.drill.PreflightCheck;
import io.understudy.node.core.model.Epoch;

/** The first answer to a command. Whether its goal is reached is then seen in the status. */
@Immutable
public sealed interface CommandAnswer {
  /**
   * The wish is kept in coordination and will be carried out, also over a crash.
   *
   * @param acceptedEpoch the epoch at acceptance; a switchover or login is complete when a cell
   *     serves under a later one
   * @param repeated the request id had been accepted before; nothing new was asked for
   */
  @Immutable
  record Accepted(Command command, Epoch acceptedEpoch, boolean repeated, String sentence)
      implements CommandAnswer {}

  /** A dry run: what would happen. */
  @Immutable
  record WouldDo(String sentence) implements CommandAnswer {}

  /**
   * What a drill would find and do.
   *
   * @param steps in order, one sentence each
   */
  @Immutable
  record Checked(ImmutableList<PreflightCheck> checks, ImmutableList<String> steps)
      implements CommandAnswer {}

  @Immutable
  record Rejected(Rejection rejection) implements CommandAnswer {}
}
