package io.understudy.simulator.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.understudy.simulator.http.Headers;
import io.understudy.simulator.http.HttpCaller;
import io.understudy.simulator.http.HttpRequest;
import io.understudy.simulator.http.HttpResponse;
import io.understudy.simulator.http.WebSocket;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Calls IBKR, or the broker in its place, with the gateway's cookies. Safe for threads. */
final class Upstream {
  /** Fields that concern one connection only, or that the gateway sets itself. */
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "connection",
          "content-length",
          "cookie",
          "host",
          "http2-settings",
          "keep-alive",
          "transfer-encoding",
          "upgrade",
          "x-simulator-source");

  private final HttpCaller caller;
  private final CookieJar cookies;
  private final String name;

  Upstream(URI server, CookieJar cookies, String name) {
    this.caller = new HttpCaller(server, Optional.empty());
    this.cookies = cookies;
    this.name = name;
  }

  /** A call of the gateway's own. */
  HttpResponse own(String method, String target, String json) throws IOException {
    Headers headers = ownHeaders();
    if (!json.isEmpty()) {
      headers.set("Content-Type", "application/json");
    }
    HttpResponse answer = caller.call(method, target, headers, json.getBytes(UTF_8));
    cookies.take(answer.headers());
    return answer;
  }

  /** Passes a client's call on; the answer's fields of the connection are left out. */
  HttpResponse forward(HttpRequest request) throws IOException {
    Headers headers = copy(request.headers());
    headers.set("Cookie", cookies.header());
    headers.set("X-Simulator-Source", name);
    HttpResponse answer = caller.call(request.method(), request.target(), headers, request.body());
    cookies.take(answer.headers());
    return new HttpResponse(
        answer.status(), copy(answer.headers()), answer.body(), true, answer.delay());
  }

  /** What uses a WebSocket of the gateway's own. */
  interface StreamUser {
    void use(WebSocket socket) throws IOException;
  }

  /** Opens a WebSocket upstream; returns the status of the answer when it has ended. */
  int stream(String target, StreamUser user) throws IOException {
    Headers headers = new Headers();
    headers.set("Cookie", cookies.header());
    headers.set("X-Simulator-Source", name);
    WebSocket.askFor(headers);
    return caller.upgrade(
        target, headers, "websocket", (in, out) -> user.use(WebSocket.client(in, out)));
  }

  Headers ownHeaders() {
    Headers headers = new Headers();
    headers.set("User-Agent", "ClientPortalGW/1");
    headers.set("Cookie", cookies.header());
    headers.set("X-Simulator-Source", name);
    return headers;
  }

  private static Headers copy(Headers from) {
    Headers copy = new Headers();
    for (Headers.Field field : from.fields()) {
      if (!NOT_FORWARDED.contains(field.name().toLowerCase(Locale.ROOT))) {
        copy.add(field.name(), field.value());
      }
    }
    return copy;
  }
}
