package io.understudy.node.page;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often somebody may be wrong about the token: a few times a minute from one address, and not
 * much more often from all of them. Whoever has been wrong too often is not even heard, so that a
 * right guess among many wrong ones is not noticed. Any thread.
 */
final class WrongTokens {
  static final int PER_ADDRESS_MAX = 5;
  static final int IN_ALL_MAX = 40;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int ADDRESSES_MAX = 256;

  private final LongSupplier nanos;
  private final Map<String, Integer> byAddress = new LinkedHashMap<>();
  private long windowBegan;
  private int inAll;

  WrongTokens(LongSupplier nanos) {
    this.nanos = nanos;
    this.windowBegan = nanos.getAsLong();
  }

  /** Whether a token from this address is looked at now. */
  synchronized boolean hears(String address) {
    beginWindow();
    return inAll < IN_ALL_MAX && byAddress.getOrDefault(address, 0) < PER_ADDRESS_MAX;
  }

  synchronized void note(String address) {
    beginWindow();
    inAll++;
    if (byAddress.size() < ADDRESSES_MAX || byAddress.containsKey(address)) {
      byAddress.merge(address, 1, Integer::sum);
    }
  }

  private void beginWindow() {
    if (nanos.getAsLong() - windowBegan >= WINDOW.toNanos()) {
      windowBegan = nanos.getAsLong();
      inAll = 0;
      byAddress.clear();
    }
  }
}
