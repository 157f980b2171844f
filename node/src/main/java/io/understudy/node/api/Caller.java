package io.understudy.node.api;

import io.grpc.Context;

/** Who calls: the common name in the client certificate, and the role. */
public record Caller(String name, CallerRole role) {
  /** Set by {@link RoleInterceptor} for every call that it lets pass. */
  static final Context.Key<Caller> KEY = Context.key("understudy-caller");

  /** The caller of the call whose handler runs on this thread. */
  static Caller current() {
    Caller caller = KEY.get();
    if (caller == null) {
      throw new IllegalStateException("no caller: a handler runs outside the role interceptor");
    }
    return caller;
  }
}
