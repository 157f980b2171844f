package io.understudy.node.api;

import io.grpc.ServerCall;

/** Finds out who makes a call. Any thread; never blocks. */
@FunctionalInterface
public interface CallerSource {
  Identification identify(ServerCall<?, ?> call);

  /** The answer. */
  sealed interface Identification {
    record Known(Caller caller) implements Identification {}

    /** The sentence says what was found instead and what was expected. */
    record Unknown(String sentence) implements Identification {}
  }
}
