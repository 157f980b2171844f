package io.understudy.node.driver.clientportal;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;

/**
 * The action table of the gateway's reference: what an answer to a question about the session
 * means. Pure.
 *
 * <p>Only 401 and "no session" mean logged out. Everything that is not understood is UNKNOWN, so
 * that it can never be the reason for a login.
 */
record SessionReading(SessionState state, String sentence) {
  private static final int QUOTE_MAX = 80;

  /** From the answer to {@code /iserver/auth/status} or {@code ssodh/init}. */
  static SessionReading of(Reply reply) {
    return switch (reply) {
      case Reply.Failed failed -> unknown("IBKR cannot be asked: " + failed.sentence());
      case Reply.Answered answered -> ofAnswer(answered, answered.json());
    };
  }

  /** From the answer to {@code /tickle}, which wraps the same status. */
  static SessionReading ofTickle(Reply reply) {
    return switch (reply) {
      case Reply.Failed failed -> unknown("IBKR cannot be asked: " + failed.sentence());
      case Reply.Answered answered -> {
        JsonNode status = answered.json().path("iserver").path("authStatus");
        yield ofAnswer(answered, status.isObject() ? status : answered.json());
      }
    };
  }

  private static SessionReading ofAnswer(Reply.Answered answered, JsonNode status) {
    return switch (answered.status()) {
      case 200 -> ofOk(answered, status);
      case 400 -> of400(answered);
      case 401 -> new SessionReading(SessionState.LOGGED_OUT, "IBKR says: not logged in (401)");
      case 404 ->
          answered.text().contains("Access Denied")
              ? unknown("The gateway refuses our address (ips.allow)")
              : unknown("IBKR answered 404");
      case 429 -> unknown("IBKR answered 429: too many requests from this address");
      default -> unknown("IBKR answered " + answered.status());
    };
  }

  private static SessionReading of400(Reply.Answered answered) {
    String text = answered.text();
    return text.contains("Init session first") || text.contains("no bridge")
        ? new SessionReading(
            SessionState.NOT_ESTABLISHED, "IBKR says: logged in without a brokerage session")
        : unknown("IBKR answered 400");
  }

  private static SessionReading ofOk(Reply.Answered answered, JsonNode status) {
    String error = answered.error();
    if (error.equals("no session")) {
      return new SessionReading(SessionState.LOGGED_OUT, "IBKR says: no session");
    }
    if (!error.isEmpty()) {
      return unknown("IBKR answered with an error: " + quote(error));
    }
    if (!status.path("authenticated").isBoolean()) {
      return unknown("IBKR answered 200 with a body that is not a status");
    }
    return ofFlags(
        status.path("authenticated").booleanValue(),
        status.path("connected").asBoolean(false),
        status.path("competing").asBoolean(false),
        status.path("established").asBoolean(true));
  }

  private static SessionReading ofFlags(
      boolean authenticated, boolean connected, boolean competing, boolean established) {
    if (competing) {
      return new SessionReading(
          SessionState.COMPETING,
          authenticated
              ? "Another login of the same username contends for the brokerage session"
              : "Another login of the same username took the brokerage session");
    }
    if (!authenticated) {
      return new SessionReading(
          SessionState.NOT_ESTABLISHED,
          connected
              ? "Logged in, the brokerage session is not up"
              : "The brokerage session is not up and IBKR is not connected");
    }
    if (!connected) {
      return new SessionReading(SessionState.NOT_ESTABLISHED, "Authenticated but not connected");
    }
    return established
        ? new SessionReading(SessionState.ESTABLISHED, "The brokerage session is established")
        : new SessionReading(
            SessionState.NOT_ESTABLISHED, "Authenticated, the accounts are still loading");
  }

  private static SessionReading unknown(String sentence) {
    return new SessionReading(SessionState.UNKNOWN, sentence);
  }

  private static String quote(String text) {
    String masked = Redaction.line(text);
    return masked.length() <= QUOTE_MAX ? masked : masked.substring(0, QUOTE_MAX) + "...";
  }
}
