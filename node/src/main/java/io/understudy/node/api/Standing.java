package io.understudy.node.api;

import com.google.common.collect.ImmutableMap;
import com.google.rpc.Code;
import io.grpc.Context;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.understudy.node.api.CallerSource.Identification;
import java.util.Optional;

/**
 * Whether the caller of a call that lasts is still somebody whom this node knows: its certificate
 * may be revoked meanwhile. Any thread; never blocks.
 */
@FunctionalInterface
interface Standing {
  /** Set by {@link RoleInterceptor} for every call that it lets pass. */
  Context.Key<Standing> KEY = Context.keyWithDefault("understudy-standing", Optional::empty);

  /** With what to end the call; empty while it may go on. */
  Optional<StatusRuntimeException> lost();

  static Standing of(ServerCall<?, ?> call, CallerSource callers) {
    return () ->
        switch (callers.identify(call)) {
          case Identification.Known _ -> Optional.empty();
          case Identification.Unknown(String sentence) -> Optional.of(refusal(sentence));
        };
  }

  static StatusRuntimeException refusal(String sentence) {
    return Refusals.status(Code.UNAUTHENTICATED, "UNAUTHENTICATED", sentence, ImmutableMap.of());
  }
}
