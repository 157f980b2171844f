package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.Answer;
import io.understudy.simulator.http.HttpListener;
import io.understudy.simulator.http.HttpRequest;
import io.understudy.simulator.http.HttpResponse;
import io.understudy.simulator.http.WebSocket;
import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Plays IBKR over plain HTTP.
 *
 * <p>All state is guarded by this object's lock, which is never held while an answer is delayed or
 * withheld. Sessions, lock-outs and counts live in memory only: a new broker knows nothing.
 */
public final class Broker implements AutoCloseable {
  private static final int SESSIONS_MAX = 10_000;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /**
   * What a broker is started with.
   *
   * @param address where to listen; port 0 takes any free port
   * @param users the users file, read
   * @param journal where to write what was seen, as JSON lines
   * @param activeWindow how long after a client's call a source counts as active, see {@link Judge}
   * @param failuresMax how many refusals in a row the cluster's login budget allows
   */
  public record Settings(
      InetSocketAddress address,
      JsonNode users,
      Optional<Writer> journal,
      Duration activeWindow,
      int failuresMax,
      Clock clock) {}

  private final SimulatorClock clock;
  private final Map<String, User> users = new LinkedHashMap<>();
  private final Map<String, SsoSession> sessions = new LinkedHashMap<>();
  private final Faults faults;
  private final Report report;
  private final Judge judge;
  private final Pacing pacing = new Pacing();
  private final BrokerageDesk brokerageDesk;
  private final LoginDesk loginDesk;
  private final LoginPage loginPage = new LoginPage();
  private final SessionApi sessionApi;
  private final AccountApi accountApi;
  private final ControlApi controlApi;
  private final Presence presence;
  private final Streams streams;
  private final HttpListener listener;

  private Broker(Settings settings) throws IOException {
    clock = new SimulatorClock(settings.clock());
    settings.users().path("users").forEach(this::addUser);
    if (users.isEmpty()) {
      throw new BadInputException("users: no user is defined (expected: {\"users\": [...]})");
    }
    faults = new Faults(clock);
    report = new Report(settings.journal());
    judge = new Judge(settings.activeWindow(), settings.failuresMax(), report::violated);
    brokerageDesk = new BrokerageDesk(faults, report, this::brokerageChanged);
    loginDesk = new LoginDesk(clock, users, faults, judge, report, this::isLoggedIn);
    sessionApi = new SessionApi(brokerageDesk, faults, judge, report);
    accountApi = new AccountApi(faults);
    presence = new Presence(this::sourceEnded);
    streams = new Streams(clock, new StreamSource());
    controlApi =
        new ControlApi(clock, users, faults, judge, report, brokerageDesk, loginDesk, presence);
    listener = HttpListener.open(settings.address(), Optional.empty(), this::handle);
  }

  /**
   * Starts a broker.
   *
   * @throws BadInputException if the users cannot be read
   */
  public static Broker start(Settings settings) throws IOException {
    return new Broker(settings);
  }

  public int port() {
    return listener.port();
  }

  /** What {@code GET /simulator/report} answers. */
  public synchronized JsonNode report() {
    return report.toJson();
  }

  @Override
  public void close() {
    listener.close();
  }

  private void addUser(JsonNode node) {
    User user = User.parse(node);
    if (users.put(user.name(), user) != null) {
      throw new BadInputException("users: " + user.name() + " is defined twice");
    }
  }

  private void brokerageChanged(SsoSession session) {
    streams.brokerageChanged(session, brokerageDesk.status(session));
  }

  private final class StreamSource implements Streams.Source {
    @Override
    public JsonNode greetings(SsoSession session) {
      synchronized (Broker.this) {
        User user = session.user();
        ArrayNode messages = Json.array();
        messages
            .addObject()
            .put("topic", "system")
            .put("success", user.name())
            .put("isFT", false)
            .put("isPaper", user.paper());
        ArrayNode accounts =
            messages.addObject().put("topic", "act").putObject("args").putArray("accounts");
        user.accounts().forEach(accounts::add);
        ObjectNode status = brokerageDesk.status(session);
        ObjectNode arguments = messages.addObject().put("topic", "sts").putObject("args");
        arguments.set("authenticated", status.get("authenticated"));
        arguments.set("competing", status.get("competing"));
        return messages;
      }
    }

    @Override
    public JsonNode allOrders(SsoSession session) {
      synchronized (Broker.this) {
        ArrayNode rows = Json.array();
        session.user().orders().forEach(order -> rows.add(OrderApi.shown(order)));
        return rows;
      }
    }

    @Override
    public boolean silent() {
      synchronized (Broker.this) {
        return faults.active(Fault.Kind.SILENT_STREAM);
      }
    }
  }

  private synchronized void sourceEnded(String source) {
    judge.ended(source);
    report.event("source-ended", clock.instant(), Json.object().put("source", source));
  }

  private Answer handle(HttpRequest request) {
    Answer answer = dispatch(request);
    if (answer instanceof HttpResponse response) {
      response.headers().set("Date", DATE.format(clock.instant()));
    }
    return answer;
  }

  private synchronized Answer dispatch(HttpRequest request) {
    String path = request.path();
    if (path.equals("/simulator/presence")) {
      return presence.accept(Sources.of(request, Optional.empty()));
    }
    if (path.startsWith("/simulator/")) {
      return controlApi.answer(request);
    }
    Instant now = clock.instant();
    users.values().forEach(user -> brokerageDesk.expire(user, now));
    Optional<SsoSession> session = sessionOf(request, now);
    String source = Sources.of(request, session);
    Call call = new Call(request, relative(path), source, Sources.byItself(request), now);
    Answer answer = answer(call, session);
    journal(call, session, answer);
    return answer;
  }

  private Answer answer(Call call, Optional<SsoSession> session) {
    String path = call.request().path();
    Optional<Fault> fault = faults.takeFor(path, call.path(), call.source());
    if (fault.isPresent()) {
      return faulty(fault.get());
    }
    if (pacing.refuses(faults, call.source(), call.path(), call.at())) {
      report.count(Report.Counter.PACING_ANSWERS);
      return HttpResponse.text(429, "Too many requests");
    }
    if (path.startsWith("/sso/") && !path.equals("/sso/ping")) {
      return loginAddress(call);
    }
    if (session.isEmpty() || faults.active(Fault.Kind.LOGIN_THEN_401)) {
      return HttpResponse.json(
          401, Json.object().put("error", "not authenticated").put("statusCode", 401));
    }
    return withSession(call, session.get());
  }

  private static Answer faulty(Fault fault) {
    return switch (fault.kind()) {
      case HANG -> new Answer.Hang();
      case DROP -> new Answer.Drop();
      default -> HttpResponse.text(fault.status(), fault.body()).delayedBy(fault.delay());
    };
  }

  private Answer loginAddress(Call call) {
    HttpRequest request = call.request();
    return switch (request.path()) {
      case "/sso/Login" -> loginPage.html(faults.pageVariants());
      case "/sso/lib/xyz.bundle.min.js" -> loginPage.script();
      case "/sso/css/xyz.css" -> loginPage.style();
      case "/sso/Authenticator" -> loginDesk.authenticate(request.form(), call.source());
      case "/sso/Dispatcher" -> dispatcher(call);
      default -> HttpResponse.text(404, "not found");
    };
  }

  private HttpResponse dispatcher(Call call) {
    Optional<LoginAttempt> attempt =
        loginDesk.dispatch(call.request().form().getOrDefault("loginId", ""));
    if (attempt.isEmpty()) {
      return HttpResponse.text(403, LoginTexts.START_AGAIN);
    }
    Duration userIdDelay =
        faults.find(Fault.Kind.SLOW_USERID).map(Fault::delay).orElse(Duration.ZERO);
    SsoSession session =
        new SsoSession(attempt.get().user(), call.source(), call.at(), userIdDelay);
    rememberSession(session);
    HttpResponse response = HttpResponse.redirect("/sso/Login?finished=1");
    cookie(response, "XYZAB", session.id());
    cookie(response, "XYZAB_AM.LOGIN", session.id());
    cookie(response, "JSESSIONID", Challenge.randomHex(16));
    cookie(response, "REGION", "NJ");
    if (userIdDelay.isZero()) {
      cookie(response, "USERID", "100001");
    }
    return response;
  }

  private static void cookie(HttpResponse response, String name, String value) {
    response.headers().add("Set-Cookie", name + "=" + value + "; Path=/; Secure; HttpOnly");
  }

  private void rememberSession(SsoSession session) {
    if (sessions.size() >= SESSIONS_MAX) {
      var oldest = sessions.values().iterator();
      oldest.next().end();
      oldest.remove();
    }
    sessions.put(session.id(), session);
  }

  private Answer withSession(Call call, SsoSession session) {
    session.touch(call.at());
    String path = call.path();
    if (!call.byItself()) {
      boolean use =
          path.equals("/ws") || (path.startsWith("/iserver/") && !SessionApi.onlyLooks(path));
      judge.clientCalled(session.user().name(), session.source(), path, use, call.at());
    }
    if (path.equals("/ws") && WebSocket.wanted(call.request())) {
      return streams.accept(call.request(), session);
    }
    if (path.equals("/sso/ping")) {
      return HttpResponse.text(200, "");
    }
    if (faults.active(Fault.Kind.MAINTENANCE) && path.startsWith("/iserver/")) {
      return path.startsWith("/iserver/auth/")
          ? HttpResponse.json(503, Json.object().put("error", "servers not ready"))
          : HttpResponse.json(500, Json.object().put("error", "IBKR server restart"));
    }
    HttpResponse response =
        sessionApi
            .answer(call, session)
            .or(() -> accountApi.answer(call, session))
            .orElseGet(() -> HttpResponse.json(404, Json.object().put("error", "not found")));
    if (session.userIdDue(call.at())) {
      cookie(response, "USERID", "100001");
    }
    return response;
  }

  private Optional<SsoSession> sessionOf(HttpRequest request, Instant now) {
    return Optional.ofNullable(request.cookies().get("XYZAB"))
        .map(sessions::get)
        .filter(session -> session.valid(now));
  }

  private boolean isLoggedIn(User user, String source) {
    Instant now = clock.instant();
    return sessions.values().stream()
        .anyMatch(session ->
            session.user() == user && session.source().equals(source) && session.valid(now));
  }

  private void journal(Call call, Optional<SsoSession> session, Answer answer) {
    ObjectNode node = Json.object();
    node.put("method", call.request().method()).put("path", call.request().path());
    node.put("source", call.source()).put("byItself", call.byItself());
    session.ifPresent(present -> node.put("user", present.user().name()));
    switch (answer) {
      case HttpResponse response -> node.put("status", response.status());
      case Answer.Hang _ -> node.put("answer", "none");
      case Answer.Drop _ -> node.put("answer", "dropped");
      case Answer.TakeOver _ -> node.put("answer", "taken over");
    }
    report.event("call", call.at(), node);
  }

  private static String relative(String path) {
    for (String prefix : new String[] {"/v1/api", "/v1/portal"}) {
      if (path.startsWith(prefix + "/")) {
        return path.substring(prefix.length());
      }
    }
    return path;
  }
}
