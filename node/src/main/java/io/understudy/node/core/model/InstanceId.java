package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;

/** One life of a daemon, from start to exit; two lives of one node differ in it. */
@Immutable
public record InstanceId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
