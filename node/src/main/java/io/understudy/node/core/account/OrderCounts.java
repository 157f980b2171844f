package io.understudy.node.core.account;

import com.google.errorprone.annotations.Immutable;

/**
 * Orders seen at the broker so far in this life of the daemon; each of them only grows.
 *
 * @param submitted that had not been there at an earlier look
 * @param filled that have since been filled completely
 * @param rejected that have since been refused by broker or exchange
 */
@Immutable
public record OrderCounts(long submitted, long filled, long rejected) {
  public static final OrderCounts NONE = new OrderCounts(0, 0, 0);
}
