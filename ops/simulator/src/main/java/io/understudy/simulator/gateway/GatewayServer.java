package io.understudy.simulator.gateway;

import io.understudy.simulator.http.Answer;
import io.understudy.simulator.http.HttpRequest;
import io.understudy.simulator.http.HttpResponse;
import io.understudy.simulator.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The gateway towards its clients: local routes first, then what goes upstream. */
final class GatewayServer {
  private final GatewayConfig config;
  private final CookieJar cookies;
  private final Upstream upstream;
  private final OwnSession session;
  private final Runnable onClear;
  private final GatewayLog log;
  private volatile boolean hanging;

  GatewayServer(
      GatewayConfig config,
      CookieJar cookies,
      Upstream upstream,
      OwnSession session,
      Runnable onClear,
      GatewayLog log) {
    this.config = config;
    this.cookies = cookies;
    this.upstream = upstream;
    this.session = session;
    this.onClear = onClear;
    this.log = log;
  }

  /** Stops or resumes answering, while connections are still accepted. */
  void setHanging(boolean wanted) {
    hanging = wanted;
  }

  Answer answer(HttpRequest request) {
    if (hanging) {
      return new Answer.Hang();
    }
    if (config.addresses().filter(filter -> !filter.allows(request.remote())).isPresent()) {
      return HttpResponse.text(404, "Access Denied");
    }
    log.message(request.method() + " " + request.target());
    Answer answer = route(request);
    if (answer instanceof HttpResponse response) {
      response.headers().set("Access-Control-Allow-Origin", config.allowedOrigin());
    }
    return answer;
  }

  private Answer route(HttpRequest request) {
    String path = request.path();
    if (request.method().equals("OPTIONS")) {
      return HttpResponse.empty(204)
          .with("Access-Control-Allow-Methods", "POST, GET, OPTIONS, DELETE, PUT");
    }
    return switch (path) {
      case "/" -> HttpResponse.redirect("/sso/Login?forwardTo=22&RL=1&ip2loc=" + config.ip2loc());
      case "/demo", "/demo/", "/demo/index.html" ->
          HttpResponse.of(200, "text/html;charset=utf-8", "<html><body>demo</body></html>");
      case "/status" -> new Answer.Hang();
      case "/clear" -> clear();
      case "/v1/api/iserver/reauthenticate", "/v1/portal/iserver/reauthenticate" ->
          reauthenticate();
      case "/sso/Dispatcher" -> dispatcher(request);
      default ->
          path.startsWith("/v1/api/") || path.startsWith("/v1/portal/") || path.startsWith("/sso/")
              ? forward(request)
              : HttpResponse.redirect(config.proxyRemoteHost() + path);
    };
  }

  private HttpResponse clear() {
    cookies.clear();
    onClear.run();
    return HttpResponse.text(200, "cleared");
  }

  private HttpResponse reauthenticate() {
    if (!session.loggedInOnce()) {
      return HttpResponse.of(200, "application/json", "{\"error\":\"not logged in\"}");
    }
    session.reauthenticate();
    return HttpResponse.of(200, "application/json", "{\"message\":\"triggered\"}");
  }

  /** Turns the redirect of a login that succeeded into the text that tells so. */
  private Answer dispatcher(HttpRequest request) {
    Answer answer = forward(request);
    if (!(answer instanceof HttpResponse response) || response.status() != 302) {
      return answer;
    }
    log.debug("login succeeded, cookies " + cookies.header());
    session.loginSucceeded();
    HttpResponse success =
        HttpResponse.of(200, "text/html;charset=utf-8", "Client login succeeds").asChunked();
    response.headers().all("Set-Cookie").forEach(cookie -> success.with("Set-Cookie", cookie));
    return success;
  }

  /**
   * Joins a client's WebSocket with one of the gateway's own. What comes from upstream reaches the
   * client as binary frames; without an upstream there is silence.
   */
  private void stream(String target, InputStream in, OutputStream out) throws IOException {
    WebSocket client = WebSocket.server(in, out);
    try {
      int status = upstream.stream(target, socket -> join(client, socket, out));
      log.message(target + " stream ended status=" + status);
    } catch (IOException e) {
      log.message(target + " failed: " + e.getMessage());
    }
    in.transferTo(OutputStream.nullOutputStream());
  }

  private static void join(WebSocket client, WebSocket upstream, OutputStream toClient)
      throws IOException {
    var _ = Thread.ofVirtual().name("stream-up").start(() -> passUp(client, upstream));
    try (toClient) {
      for (var message = upstream.read(); message.isPresent(); message = upstream.read()) {
        client.writeBinary(message.get());
      }
    }
  }

  private static void passUp(WebSocket client, WebSocket upstream) {
    try {
      for (var message = client.read(); message.isPresent(); message = client.read()) {
        upstream.writeText(message.get());
      }
      upstream.close();
    } catch (IOException e) {
      // Either side is gone; the other direction ends by it.
    }
  }

  /** Without an upstream the client never gets an answer. */
  private Answer forward(HttpRequest request) {
    if (WebSocket.wanted(request)) {
      return new Answer.TakeOver(
          WebSocket.accept(request), (in, out) -> stream(request.target(), in, out));
    }
    try {
      return upstream.forward(request);
    } catch (IOException e) {
      log.message(request.path() + " failed: " + e.getMessage());
      return new Answer.Hang();
    }
  }
}
