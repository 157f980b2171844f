package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/**
 * Placing and cancelling orders. Nothing is ever filled: an order rests until it is cancelled.
 *
 * <p>Guarded by the broker's lock.
 */
final class OrderApi {
  /** IBKR's number of the question about a price cap. */
  private static final String QUESTION = "o163";

  private static final int SUPPRESSED_MAX = 51;

  private final Faults faults;
  private int lastOrderId = 1_000_000;

  OrderApi(Faults faults) {
    this.faults = faults;
  }

  /** Answers calls that concern orders; the session must hold the brokerage session. */
  Optional<HttpResponse> answer(Call call, SsoSession session) {
    List<String> parts = List.of(call.path().substring(1).split("/", -1));
    String shape = shape(call, parts);
    if (!shape.isEmpty() && !session.accountsAsked()) {
      return Optional.of(error(500, "Please query /accounts first"));
    }
    return switch (shape) {
      case "list" -> Optional.of(list(call, session));
      case "place" -> Optional.of(place(call, session, parts.get(2)));
      case "reply" -> Optional.of(reply(call, session, parts.get(2)));
      case "suppress" -> Optional.of(suppress(call, session));
      case "cancel" -> Optional.of(cancel(session, parts.get(2), parts.get(4)));
      case "status" -> Optional.of(status(session, parts.get(4)));
      default -> Optional.empty();
    };
  }

  private static String shape(Call call, List<String> parts) {
    String method = call.request().method();
    String path = call.path();
    if (path.equals("/iserver/account/orders") && method.equals("GET")) {
      return "list";
    }
    if (path.equals("/iserver/questions/suppress") && call.post()) {
      return "suppress";
    }
    if (parts.size() == 3 && parts.get(1).equals("reply") && call.post()) {
      return "reply";
    }
    if (parts.size() == 4 && parts.get(3).equals("orders") && call.post()) {
      return "place";
    }
    if (parts.size() == 5 && parts.get(3).equals("order") && method.equals("DELETE")) {
      return "cancel";
    }
    return path.startsWith("/iserver/account/order/status/") && parts.size() == 5 ? "status" : "";
  }

  /** The first answer of a session is empty, and so is each that clears the cache. */
  private static HttpResponse list(Call call, SsoSession session) {
    boolean preflight = !session.askOrders();
    boolean forced = call.request().query().getOrDefault("force", "").equals("true");
    ObjectNode node = Json.object();
    ArrayNode rows = node.putArray("orders");
    if (!preflight && !forced) {
      session.user().orders().forEach(order -> addIfKnown(rows, order, session));
    }
    node.put("snapshot", !preflight && !forced);
    return HttpResponse.json(200, node);
  }

  /** Orders of other sessions are missing here, although they work at the exchange. */
  private static void addIfKnown(ArrayNode rows, JsonNode order, SsoSession session) {
    String placedIn = order.path("placedIn").asText("");
    if (placedIn.isEmpty() || placedIn.equals(session.apiSession())) {
      rows.add(shown(order));
    }
  }

  /** An order without what only the simulator knows. */
  static ObjectNode shown(JsonNode order) {
    ObjectNode copy = order.deepCopy();
    copy.remove("placedIn");
    return copy;
  }

  private HttpResponse place(Call call, SsoSession session, String account) {
    if (!session.user().accounts().contains(account)) {
      return error(400, "Bad Request: unknown account");
    }
    if (session.takeQuestion().isPresent()) {
      return error(503, "a question is open; the order that it concerned is void");
    }
    JsonNode orders = call.body().path("orders");
    if (!orders.isArray() || orders.isEmpty()) {
      return error(400, "Bad Request: orders");
    }
    for (JsonNode order : orders) {
      String own = order.path("cOID").asText("");
      if (!own.isEmpty() && isKnown(session.user(), own)) {
        return HttpResponse.json(
            200, Json.object().put("error", "Local order ID=" + own + " is already registered."));
      }
    }
    if (faults.active(Fault.Kind.ORDER_QUESTION) && !session.suppressed().contains(QUESTION)) {
      return ask(session, account, orders);
    }
    return accept(session, account, orders);
  }

  private static boolean isKnown(User user, String ownId) {
    return user.orders()
        .valueStream()
        .anyMatch(order -> order.path("order_ref").asText().equals(ownId));
  }

  private static HttpResponse ask(SsoSession session, String account, JsonNode orders) {
    String id = Challenge.randomHex(16);
    session.setQuestion(Optional.of(new SsoSession.Question(id, account, orders)));
    ObjectNode question = Json.object().put("id", id).put("isSuppressed", false);
    question
        .putArray("message")
        .add("The price exceeds the cap. Are you sure to submit this order?");
    question.putArray("messageIds").add(QUESTION);
    return HttpResponse.json(200, Json.array().add(question));
  }

  private HttpResponse reply(Call call, SsoSession session, String id) {
    JsonNode confirmed = call.body().path("confirmed");
    if (!confirmed.isBoolean()) {
      return error(500, "confirmed must be a boolean");
    }
    Optional<SsoSession.Question> question =
        session.takeQuestion().filter(open -> open.id().equals(id));
    if (question.isEmpty()) {
      return error(404, "no such question");
    }
    return confirmed.asBoolean()
        ? accept(session, question.get().account(), question.get().orders())
        : HttpResponse.json(200, Json.array());
  }

  private HttpResponse accept(SsoSession session, String account, JsonNode orders) {
    ArrayNode answers = Json.array();
    for (JsonNode wanted : orders) {
      lastOrderId++;
      ObjectNode order = session.user().orders().addObject();
      order.put("acct", account).put("orderId", lastOrderId).put("status", "Submitted");
      order.set("conid", wanted.path("conid"));
      order.set("side", wanted.path("side"));
      order.set("orderType", wanted.path("orderType"));
      order.set("timeInForce", wanted.path("tif"));
      order.set("totalSize", wanted.path("quantity"));
      order.set("remainingQuantity", wanted.path("quantity"));
      order.put("filledQuantity", 0).put("order_ref", wanted.path("cOID").asText(""));
      order.put("placedIn", session.apiSession());
      answers
          .addObject()
          .put("order_id", Integer.toString(lastOrderId))
          .put("order_status", "Submitted")
          .put("encrypt_message", "1");
    }
    return HttpResponse.json(200, answers);
  }

  private static HttpResponse suppress(Call call, SsoSession session) {
    List<String> ids = Json.strings(call.body().path("messageIds"));
    if (ids.size() > SUPPRESSED_MAX) {
      return error(400, "more than " + SUPPRESSED_MAX + " messageIds");
    }
    session.suppressed().addAll(ids);
    return HttpResponse.json(200, Json.object().put("status", "submitted"));
  }

  private static HttpResponse cancel(SsoSession session, String account, String id) {
    ArrayNode orders = session.user().orders();
    boolean all = id.equals("-1");
    int cancelled = 0;
    for (int index = orders.size() - 1; index >= 0; index--) {
      if (all || orders.get(index).path("orderId").asText().equals(id)) {
        orders.remove(index);
        cancelled++;
      }
    }
    if (cancelled == 0 && !all) {
      return HttpResponse.json(200, Json.object().put("error", "OrderID " + id + " doesn't exist"));
    }
    return HttpResponse.json(
        200,
        Json.object()
            .put("msg", "Request was submitted")
            .put("order_id", id)
            .put("account", account));
  }

  private static HttpResponse status(SsoSession session, String id) {
    return session
        .user()
        .orders()
        .valueStream()
        .filter(order -> order.path("orderId").asText().equals(id))
        .filter(order -> order.path("placedIn").asText("").equals(session.apiSession()))
        .findFirst()
        .map(order -> HttpResponse.json(200, shown(order)))
        .orElseGet(() -> error(503, "the order is not known to this session"));
  }

  private static HttpResponse error(int status, String text) {
    return HttpResponse.json(status, Json.object().put("error", text).put("statusCode", status));
  }
}
