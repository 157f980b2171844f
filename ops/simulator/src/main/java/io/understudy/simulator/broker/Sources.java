package io.understudy.simulator.broker;

import io.understudy.simulator.http.HttpRequest;
import java.net.URI;
import java.util.Optional;

/** Tells which gateway a call comes from. */
final class Sources {
  /** What a stand-in calls itself. */
  static final String HEADER = "X-Simulator-Source";

  /** What the gateway program, genuine or not, calls itself in calls of its own. */
  private static final String OWN_AGENT = "ClientPortalGW/1";

  private Sources() {}

  /**
   * The stand-in's name; else the source that logged in with this cookie; else, for the login page
   * behind a genuine gateway, the address under which the browser reached that gateway; else the
   * address and program of the caller.
   */
  static String of(HttpRequest request, Optional<SsoSession> session) {
    return request
        .header(HEADER)
        .or(() -> session.map(SsoSession::source))
        .or(() ->
            request.header("Origin").or(() -> request.header("Referer")).flatMap(Sources::host))
        .orElseGet(() ->
            request.remote().getHostAddress()
                + " "
                + request.header("User-Agent").orElse("unnamed"));
  }

  static boolean byItself(HttpRequest request) {
    return request.header("User-Agent").filter(OWN_AGENT::equals).isPresent();
  }

  private static Optional<String> host(String address) {
    try {
      String authority = URI.create(address).getAuthority();
      return Optional.ofNullable(authority).map(found -> "gateway at " + found);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
