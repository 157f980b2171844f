package io.understudy.node.core.failover;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import java.util.Optional;

/**
 * Looks at the account, and marks of them that are being kept.
 *
 * @param read a look in flight
 * @param nextAt when the next one is due
 * @param write of the high-water marks, in flight
 */
@Immutable
record AccountPoll(Optional<EffectId> read, MonotonicTime nextAt, Optional<EffectId> write) {
  static AccountPoll from(MonotonicTime nextAt) {
    return new AccountPoll(Optional.empty(), nextAt, Optional.empty());
  }
}
