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
 * @param ordersAwaited whether the last look did not tell orders, so that a second one was due soon
 * @param write of the high-water marks, in flight
 * @param writeNotBefore when they may be written again, whatever became of the last write
 */
@Immutable
record AccountPoll(
    Optional<EffectId> read,
    MonotonicTime nextAt,
    boolean ordersAwaited,
    Optional<EffectId> write,
    MonotonicTime writeNotBefore) {
  static AccountPoll from(MonotonicTime nextAt) {
    return new AccountPoll(Optional.empty(), nextAt, false, Optional.empty(), nextAt);
  }

  AccountPoll looking(EffectId look) {
    return new AccountPoll(Optional.of(look), nextAt, ordersAwaited, write, writeNotBefore);
  }

  AccountPoll looked(MonotonicTime next, boolean awaited) {
    return new AccountPoll(Optional.empty(), next, awaited, write, writeNotBefore);
  }

  AccountPoll writing(Optional<EffectId> update, MonotonicTime notBefore) {
    return new AccountPoll(read, nextAt, ordersAwaited, update, notBefore);
  }
}
