package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;

/** The id of a coordination session (ZooKeeper's 64 bits). */
@Immutable
public record SessionId(long value) {
  @Override
  public String toString() {
    return "0x" + Long.toHexString(value);
  }
}
