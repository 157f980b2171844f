package io.understudy.node.api;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.rpc.Code;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.understudy.node.api.CallerSource.Identification;
import org.jspecify.annotations.Nullable;

/** Lets a call pass only if its caller's role may make it, and tells the handler who calls. */
final class RoleInterceptor implements ServerInterceptor {
  private final CallerSource callers;

  RoleInterceptor(CallerSource callers) {
    this.callers = callers;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return switch (callers.identify(call)) {
      case Identification.Unknown(String sentence) -> refuse(call, Standing.refusal(sentence));
      case Identification.Known(Caller caller) -> {
        ImmutableSet<CallerRole> allowed = AccessTable.allowed(call.getMethodDescriptor());
        yield allowed.contains(caller.role())
            ? Contexts.interceptCall(
                Context.current()
                    .withValue(Caller.KEY, caller)
                    .withValue(Standing.KEY, Standing.of(call, callers)),
                call,
                headers,
                next)
            : refuse(call, denied(caller, call.getMethodDescriptor().getBareMethodName(), allowed));
      }
    };
  }

  private static StatusRuntimeException denied(
      Caller caller, @Nullable String method, ImmutableSet<CallerRole> allowed) {
    String needed = allowed.isEmpty() ? "no role" : CallerRole.anyOf(allowed);
    return Refusals.status(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        "'%s' has the role %s, and %s needs the role %s: use a certificate with that role"
            .formatted(caller.name(), caller.role().wireName(), method, needed),
        ImmutableMap.of("role", caller.role().wireName(), "needed_role", needed));
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(
      ServerCall<Q, A> call, StatusRuntimeException refusal) {
    Metadata trailers = refusal.getTrailers();
    call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }
}
