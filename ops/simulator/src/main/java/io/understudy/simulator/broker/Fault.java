package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** One thing that goes wrong on command, for a number of times or for a while. */
final class Fault {
  enum Kind {
    /** Accepts the call and never answers. */
    HANG,
    /** Answers with {@code status}, after {@code delay}. */
    STATUS,
    /** Closes the connection without an answer. */
    DROP,
    /** Never answers a submission of credentials. */
    LOGIN_HANG,
    /** The single sign-on works, the brokerage session never comes. */
    NEVER_AUTHENTICATED,
    /** The single sign-on works, every call afterwards is 401. */
    LOGIN_THEN_401,
    /** The answer to every challenge is {@code passed: false}. */
    NEVER_PASSED,
    /** A variant of the login page, named by {@code variant}. */
    PAGE,
    /** A reset window: brokerage sessions gone, 500 and 503, logins refused. */
    MAINTENANCE,
    /** More than {@code perSecond} calls of a source are answered 429 for ten minutes. */
    PACING,
    /** The holder that was kicked sees authenticated, connected and competing all true. */
    KICKED_TRUE,
    /** Logging out ends the single sign-on too. */
    LOGOUT_ENDS_SSO,
    /** The cookie USERID follows only after {@code delay}. */
    SLOW_USERID,
    /** A push that nobody answers is not counted as a failure. */
    MISSED_PUSH_FREE,
    /** {@code established} is missing in the status. */
    WITHOUT_ESTABLISHED,
    /** Positions come in pages of 30. */
    SMALL_PAGES,
    /** Each order is answered with a question first. */
    ORDER_QUESTION,
    /** WebSocket connections stay open and say nothing. */
    SILENT_STREAM;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind parse(String text) {
      String labels = Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", "));
      return Arrays.stream(values())
          .filter(kind -> kind.label().equals(text))
          .findFirst()
          .orElseThrow(
              () -> new BadInputException("kind: " + text + " (expected one of: " + labels + ")"));
    }
  }

  private final Kind kind;
  private final String path;
  private final String source;
  private final String user;
  private final int status;
  private final String body;
  private final Duration delay;
  private final String variant;
  private final int perSecond;
  private final Instant until;
  private int remaining;

  private Fault(JsonNode node, Instant now) {
    kind = Kind.parse(node.path("kind").asText(""));
    path = node.path("path").asText("");
    source = node.path("source").asText("");
    user = node.path("user").asText("");
    status = node.path("status").asInt(503);
    body = node.path("body").asText("");
    delay = Json.duration(node.path("delay").asText("0s"));
    variant = node.path("variant").asText("");
    perSecond = node.path("perSecond").asInt(10);
    remaining = node.path("count").asInt(Integer.MAX_VALUE);
    until = node.has("for") ? now.plus(Json.duration(node.get("for").asText())) : Instant.MAX;
    if (kind == Kind.PAGE) {
      LoginPage.checkVariant(variant);
    }
  }

  static Fault parse(JsonNode node, Instant now) {
    return new Fault(node, now);
  }

  Kind kind() {
    return kind;
  }

  int status() {
    return status;
  }

  String body() {
    return body;
  }

  Duration delay() {
    return delay;
  }

  String variant() {
    return variant;
  }

  int perSecond() {
    return perSecond;
  }

  boolean spent(Instant now) {
    return remaining <= 0 || !now.isBefore(until);
  }

  boolean concerns(String fromSource) {
    return source.isEmpty() || source.equals(fromSource);
  }

  boolean concernsUser(String name) {
    return user.isEmpty() || user.equals(name);
  }

  /** Whether the path, with or without its prefix /v1/api or /v1/portal, is meant. */
  boolean concernsPath(String fullPath, String relativePath) {
    return fullPath.startsWith(path) || relativePath.startsWith(path);
  }

  /** Uses the fault once. */
  void use() {
    remaining--;
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.put("kind", kind.label());
    node.put("path", path);
    node.put("source", source);
    node.put("user", user);
    if (kind == Kind.STATUS) {
      node.put("status", status);
    }
    if (!variant.isEmpty()) {
      node.put("variant", variant);
    }
    if (remaining != Integer.MAX_VALUE) {
      node.put("remaining", remaining);
    }
    return node;
  }
}
