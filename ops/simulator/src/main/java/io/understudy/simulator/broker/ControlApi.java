package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.HttpRequest;
import io.understudy.simulator.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How tests and demonstrations direct the broker: JSON below {@code /simulator/}. Guarded by the
 * broker's lock.
 */
final class ControlApi {
  private final SimulatorClock clock;
  private final Map<String, User> users;
  private final Faults faults;
  private final Judge judge;
  private final Report report;
  private final BrokerageDesk desk;
  private final LoginDesk loginDesk;
  private final Presence presence;

  ControlApi(
      SimulatorClock clock,
      Map<String, User> users,
      Faults faults,
      Judge judge,
      Report report,
      BrokerageDesk desk,
      LoginDesk loginDesk,
      Presence presence) {
    this.clock = clock;
    this.users = users;
    this.faults = faults;
    this.judge = judge;
    this.report = report;
    this.desk = desk;
    this.loginDesk = loginDesk;
    this.presence = presence;
  }

  HttpResponse answer(HttpRequest request) {
    try {
      List<String> parts = List.of(request.path().substring("/simulator/".length()).split("/", -1));
      return route(request.method() + " " + parts.getFirst(), request, parts)
          .orElseGet(() -> problem(404, "unknown: " + request.method() + " " + request.path()));
    } catch (BadInputException e) {
      return problem(400, String.valueOf(e.getMessage()));
    }
  }

  private Optional<HttpResponse> route(String what, HttpRequest request, List<String> parts) {
    ObjectNode body =
        what.equals("POST positions") ? Json.object() : Json.parseObject(request.text());
    return switch (what) {
      case "GET report" -> Optional.of(HttpResponse.json(200, report.toJson()));
      case "GET users" -> Optional.of(HttpResponse.json(200, listUsers()));
      case "POST users" -> done(() -> patchUser(user(parts, 1), body));
      case "POST positions" -> done(() -> setPositions(user(parts, 1), part(parts, 2), request));
      case "GET faults" -> Optional.of(HttpResponse.json(200, faults.toJson()));
      case "POST faults" -> done(() -> addFault(body));
      case "DELETE faults" -> done(() -> removeFaults(part(parts, 1)));
      case "POST third-party-login" ->
          done(() ->
              desk.takeByHuman(user(parts, 1), body.path("kind").asText("tws"), clock.instant()));
      case "POST third-party-logout" -> done(() -> desk.drop(user(parts, 1)));
      case "POST push" -> Optional.of(approve(user(parts, 1), part(parts, 2)));
      case "POST clock" -> done(() -> clock.setOffset(Json.duration(body.path("offset").asText())));
      case "GET gateways" -> Optional.of(HttpResponse.json(200, gateways()));
      case "POST gateways" -> Optional.of(tellGateway(body));
      default -> Optional.empty();
    };
  }

  private ArrayNode listUsers() {
    ArrayNode list = Json.array();
    users.values().forEach(user -> list.add(user.toJson(clock.instant())));
    return list;
  }

  private void patchUser(User user, ObjectNode body) {
    user.patch(body);
    if (body.path("unlock").asBoolean(false) || body.path("resetBudget").asBoolean(false)) {
      judge.resetBudget(user.name());
    }
    if (body.has("lockedUntil")) {
      lock(user, body.get("lockedUntil").asText(), body.path("text").asText(""));
    }
  }

  private static void lock(User user, String until, String text) {
    try {
      String shown =
          text.isEmpty()
              ? "Too many failed login attempts. Your account is locked until " + until
              : text;
      user.lock(Instant.parse(until), shown);
    } catch (DateTimeParseException e) {
      throw new BadInputException("lockedUntil: " + until + " (expected: 2026-01-31T12:00:00Z)");
    }
  }

  /** The body is an array of rows, or an object with {@code positions}. */
  private static void setPositions(User user, String account, HttpRequest request) {
    String text = request.text().strip();
    ObjectNode body =
        Json.parseObject(text.startsWith("[") ? "{\"positions\":" + text + "}" : text);
    user.setPositions(account, body.path("positions"));
  }

  private void addFault(ObjectNode body) {
    Fault fault = Fault.parse(body, clock.instant());
    faults.add(fault);
    if (fault.kind() == Fault.Kind.MAINTENANCE) {
      users.values().forEach(desk::drop);
    }
  }

  private void removeFaults(String kind) {
    if (kind.isEmpty()) {
      faults.clear();
    } else {
      faults.remove(Fault.Kind.parse(kind));
    }
  }

  private HttpResponse approve(User user, String verb) {
    if (!verb.equals("approve")) {
      return problem(404, "unknown: push/" + user.name() + "/" + verb);
    }
    return HttpResponse.json(
        200, Json.object().put("approved", loginDesk.approvePush(user.name())));
  }

  private ArrayNode gateways() {
    ArrayNode list = Json.array();
    presence.sources().stream().sorted().forEach(list::add);
    return list;
  }

  private HttpResponse tellGateway(ObjectNode body) {
    String source = body.path("source").asText("");
    String line = body.path("fault").asText("");
    return presence.tell(source, line)
        ? HttpResponse.json(200, Json.object().put("done", true))
        : problem(404, "no gateway is present by the name " + source);
  }

  private User user(List<String> parts, int index) {
    User user = users.get(part(parts, index));
    if (user == null) {
      throw new BadInputException(
          "unknown user " + part(parts, index) + " (expected one of: " + users.keySet() + ")");
    }
    return user;
  }

  private static Optional<HttpResponse> done(Runnable action) {
    action.run();
    return Optional.of(HttpResponse.json(200, Json.object().put("done", true)));
  }

  private static HttpResponse problem(int status, String text) {
    return HttpResponse.json(status, Json.object().put("error", text));
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }
}
