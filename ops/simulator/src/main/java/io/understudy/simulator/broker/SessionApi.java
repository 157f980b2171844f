package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * The endpoints of the Web API that concern the session itself.
 *
 * <p>Guarded by the broker's lock.
 */
final class SessionApi {
  /** The genuine gateway repeats a refused response without pause; this keeps it from flooding. */
  private static final Duration REFUSAL_PAUSE = Duration.ofSeconds(1);

  private final BrokerageDesk desk;
  private final Faults faults;
  private final Judge judge;
  private final Report report;

  SessionApi(BrokerageDesk desk, Faults faults, Judge judge, Report report) {
    this.desk = desk;
    this.faults = faults;
    this.judge = judge;
    this.report = report;
  }

  /** Whether the path only looks at the session or ends it. */
  static boolean onlyLooks(String path) {
    return switch (path) {
      case "/iserver/auth/status", "/tickle", "/sso/validate", "/logout", "/one/user" -> true;
      default -> false;
    };
  }

  Optional<HttpResponse> answer(Call call, SsoSession session) {
    return switch (call.path()) {
      case "/sso/validate" -> Optional.of(validate(call, session));
      case "/one/user" -> ok(Json.object().put("username", session.user().name()));
      case "/ssodh/init" -> ok(Json.object().put("success", true));
      case "/ssodh/st" -> ok(Json.object().put("st", session.key()));
      case "/iserver/auth/status" -> ok(desk.status(session));
      case "/iserver/auth/ssodh/init" -> Optional.of(init(call, session));
      case "/iserver/auth/ssodh/response" -> Optional.of(response(call, session));
      case "/iserver/reauthenticate" -> ok(Json.object().put("message", "triggered"));
      case "/iserver/accounts" -> Optional.of(accounts(session));
      case "/tickle" -> ok(tickle(session));
      case "/logout" -> ok(logout(call, session));
      default -> Optional.empty();
    };
  }

  private static Optional<HttpResponse> ok(ObjectNode node) {
    return Optional.of(HttpResponse.json(200, node));
  }

  private HttpResponse validate(Call call, SsoSession session) {
    if (!session.hasUserId(call.at())) {
      return HttpResponse.text(401, "No userid cookie");
    }
    User user = session.user();
    ObjectNode node = Json.object();
    node.put("USER_ID", userId(user));
    node.put("USER_NAME", user.name());
    node.put("RESULT", true);
    node.put("AUTH_TIME", session.createdAt().toEpochMilli());
    node.put("SF_ENABLED", user.secondFactor().kind() != SecondFactor.Kind.NONE);
    node.put("IS_MASTER", false);
    node.put("IS_FREE_TRIAL", false);
    node.put("CREDENTIAL", user.name());
    node.put("IP", call.request().remote().getHostAddress());
    node.put("EXPIRES", SsoSession.ROLLING.toMillis());
    node.put("LOGIN_TYPE", user.paper() ? 2 : 1);
    node.put("PAPER_USER_NAME", user.paper() ? user.name() : "");
    node.put("lastAccessed", call.at().toEpochMilli());
    node.put("region", "NJ");
    node.putObject("features").put("env", "PROD").put("wlms", true).put("realtime", true);
    return HttpResponse.json(200, node);
  }

  /** Both forms: the gateway's own, which is challenged, and that of a client. */
  private HttpResponse init(Call call, SsoSession session) {
    ObjectNode body = call.body();
    boolean gatewayForm = body.has("machineId") || body.has("username");
    if (!gatewayForm && !body.path("publish").asBoolean(false)) {
      return HttpResponse.json(
          500, Json.object().put("error", "publish must be true").put("statusCode", 500));
    }
    boolean compete = body.path("compete").asBoolean(false);
    String user = session.user().name();
    report.init(call.at(), user, session.source(), compete, call.byItself());
    judge.brokerageOpened(user, session.source(), call.at());
    if (gatewayForm) {
      return HttpResponse.json(200, Json.object().put("challenge", session.newChallenge(compete)));
    }
    desk.acquire(session, compete, call.at());
    return HttpResponse.json(200, desk.status(session));
  }

  private HttpResponse response(Call call, SsoSession session) {
    Optional<String> challenge = session.takeChallenge();
    String given = call.body().path("response").asText("");
    boolean passed =
        challenge.isPresent()
            && given.equalsIgnoreCase(Challenge.response(challenge.get(), session.key()))
            && !faults.active(Fault.Kind.NEVER_PASSED);
    if (!passed) {
      ObjectNode refused = Json.object().put("passed", false).put("authenticated", false);
      return HttpResponse.json(200, refused).delayedBy(REFUSAL_PAUSE);
    }
    desk.acquire(session, session.compete(), call.at());
    ObjectNode status = desk.status(session);
    ObjectNode node = Json.object().put("passed", true);
    node.set("authenticated", status.get("authenticated"));
    node.set("connected", status.get("connected"));
    node.set("competing", status.get("competing"));
    return HttpResponse.json(200, node);
  }

  private HttpResponse accounts(SsoSession session) {
    if (session.brokerage() == SsoSession.Brokerage.KICKED) {
      return HttpResponse.json(200, Json.object());
    }
    if (session.brokerage() != SsoSession.Brokerage.HELD) {
      return noBrokerageSession();
    }
    session.askedAccounts();
    User user = session.user();
    ObjectNode node = Json.object();
    ArrayNode accounts = node.putArray("accounts");
    user.accounts().forEach(accounts::add);
    ObjectNode properties = node.putObject("acctProps");
    ObjectNode aliases = node.putObject("aliases");
    for (String account : user.accounts()) {
      properties.putObject(account).put("hasChildAccounts", false).put("supportsCashQty", true);
      aliases.put(account, account);
    }
    node.putObject("allowFeatures").put("showGFIS", true).put("allowCrypto", false);
    node.putObject("chartPeriods");
    node.put("selectedAccount", user.accounts().getFirst());
    node.putObject("serverInfo").put("serverName", "SIMULATOR").put("serverVersion", "10.44.1d");
    node.put("sessionId", session.apiSession() + ".0001");
    node.put("isFT", false);
    node.put("isPaper", user.paper());
    return HttpResponse.json(200, node);
  }

  static HttpResponse noBrokerageSession() {
    return HttpResponse.json(
        400, Json.object().put("error", "Init session first").put("statusCode", 400));
  }

  private ObjectNode tickle(SsoSession session) {
    ObjectNode node = Json.object();
    node.put("session", session.apiSession());
    node.put("ssoExpires", SsoSession.ROLLING.toMillis());
    node.put("collission", false);
    node.put("userId", userId(session.user()));
    node.putObject("hmds").put("error", "no bridge");
    node.putObject("iserver").set("authStatus", desk.status(session));
    return node;
  }

  private static int userId(User user) {
    return 100_000 + Math.floorMod(user.name().hashCode(), 900_000);
  }

  private ObjectNode logout(Call call, SsoSession session) {
    report.count(Report.Counter.LOGOUTS);
    if (call.byItself()) {
      // A displaced gateway logs out after each of its tickles; nothing is left to end.
      return Json.object().put("status", true);
    }
    desk.release(session);
    judge.ended(session.user().name(), session.source());
    if (faults.active(Fault.Kind.LOGOUT_ENDS_SSO)) {
      session.end();
    }
    return Json.object().put("status", true);
  }
}
