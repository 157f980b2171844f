package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One username with all that IBKR knows of it. Guarded by the broker's lock.
 *
 * <p>Lock-out: {@value #FAILURES_MAX} consecutive failures, none more than 24 h after the first of
 * them, lock the user until 24 h after the last try; a try while locked extends that.
 */
final class User {
  static final int FAILURES_MAX = 10;
  static final Duration LOCK_TIME = Duration.ofHours(24);
  private static final int STEPS_REMEMBERED_MAX = 1_000;

  private final String name;
  private String password = "";
  private SecondFactor secondFactor = new SecondFactor(SecondFactor.Kind.NONE, new byte[0], 0);
  private boolean paper;
  private List<String> accounts = List.of();
  private final Map<String, ArrayNode> positions = new LinkedHashMap<>();
  private final Map<String, BigDecimal> cash = new LinkedHashMap<>();
  private final Map<String, ArrayNode> cachedPositions = new LinkedHashMap<>();
  private ArrayNode orders = Json.array();
  private ArrayNode trades = Json.array();

  private int failures;
  private Instant firstFailure = Instant.EPOCH;
  private Instant lockedUntil = Instant.EPOCH;
  private String lockText = LoginTexts.LOCKED;
  private final Set<Long> submittedSteps = new LinkedHashSet<>();
  private Optional<Holder> holder = Optional.empty();

  private User(String name) {
    this.name = name;
  }

  /** Reads a user as it stands in the users file. */
  static User parse(JsonNode node) {
    String name = node.path("name").asText("");
    if (name.isEmpty()) {
      throw new BadInputException("users: an entry has no name");
    }
    User user = new User(name);
    user.patch(node);
    if (user.password.isEmpty()) {
      throw new BadInputException("users: " + name + " has no password");
    }
    if (user.accounts.isEmpty()) {
      throw new BadInputException("users: " + name + " has no accounts");
    }
    return user;
  }

  /** Replaces what the object names and keeps the rest. */
  void patch(JsonNode node) {
    if (node.has("secondFactor")) {
      secondFactor = SecondFactor.parse(node.get("secondFactor"));
    }
    if (node.has("password")) {
      password = node.get("password").asText();
    }
    if (node.has("paper")) {
      paper = node.get("paper").asBoolean();
    }
    if (node.has("accounts")) {
      accounts = Json.strings(node.get("accounts"));
    }
    node.path("positions")
        .properties()
        .forEach(entry -> setPositions(entry.getKey(), entry.getValue()));
    node.path("cash").properties().forEach(entry -> setCash(entry.getKey(), entry.getValue()));
    if (node.path("orders") instanceof ArrayNode replaced) {
      orders = replaced;
    }
    if (node.path("trades") instanceof ArrayNode replaced) {
      trades = replaced;
    }
    if (node.path("unlock").asBoolean(false)) {
      failures = 0;
      lockedUntil = Instant.EPOCH;
    }
  }

  void setPositions(String account, JsonNode rows) {
    if (!accounts.contains(account)) {
      throw new BadInputException(
          "user " + name + " has no account " + account + " (expected one of: " + accounts + ")");
    }
    if (!(rows instanceof ArrayNode array)) {
      throw new BadInputException("positions of " + account + ": not an array");
    }
    for (JsonNode row : array) {
      if (!row.path("conid").canConvertToInt() || !row.has("position")) {
        throw new BadInputException(
            "positions of " + account + ": each needs a numeric conid and a position");
      }
    }
    positions.put(account, array.deepCopy());
  }

  /** Numbers may stand as text, so that none is rounded on its way. */
  private void setCash(String account, JsonNode amount) {
    if (!accounts.contains(account)) {
      throw new BadInputException(
          "user " + name + " has no account " + account + " (expected one of: " + accounts + ")");
    }
    try {
      cash.put(account, new BigDecimal(amount.asText()));
    } catch (NumberFormatException e) {
      throw new BadInputException("cash of " + account + ": not a number: " + amount);
    }
  }

  BigDecimal cash(String account) {
    return cash.getOrDefault(account, BigDecimal.ZERO);
  }

  String name() {
    return name;
  }

  boolean hasPassword(String given) {
    return Challenge.same(password, given);
  }

  SecondFactor secondFactor() {
    return secondFactor;
  }

  boolean paper() {
    return paper;
  }

  List<String> accounts() {
    return accounts;
  }

  ArrayNode positions(String account) {
    return positions.getOrDefault(account, Json.array());
  }

  /** Positions as of the last invalidation, or of the first question. */
  ArrayNode cachedPositions(String account) {
    return cachedPositions.computeIfAbsent(account, key -> positions(key).deepCopy());
  }

  void invalidatePositions(String account) {
    cachedPositions.remove(account);
  }

  ArrayNode orders() {
    return orders;
  }

  ArrayNode trades() {
    return trades;
  }

  boolean lockedAt(Instant now) {
    return now.isBefore(lockedUntil);
  }

  Instant lockedUntil() {
    return lockedUntil;
  }

  int failures() {
    return failures;
  }

  /** Locks the user with a text of its own, such as one that names the time. */
  void lock(Instant until, String text) {
    lockedUntil = until;
    lockText = text;
  }

  String lockText() {
    return lockText;
  }

  /** Counts one refused try. */
  void failed(Instant now) {
    if (lockedAt(now)) {
      lockedUntil = now.plus(LOCK_TIME);
      return;
    }
    if (failures == 0 || now.isAfter(firstFailure.plus(LOCK_TIME))) {
      failures = 0;
      firstFailure = now;
    }
    failures++;
    if (failures >= FAILURES_MAX) {
      lock(now.plus(LOCK_TIME), LoginTexts.LOCKED);
    }
  }

  void succeeded() {
    failures = 0;
  }

  /** Remembers a step; returns whether it is the first time. */
  boolean firstSubmissionOf(long step) {
    if (submittedSteps.size() >= STEPS_REMEMBERED_MAX) {
      var oldest = submittedSteps.iterator();
      var _ = oldest.next();
      oldest.remove();
    }
    return submittedSteps.add(step);
  }

  Optional<Holder> holder() {
    return holder;
  }

  void setHolder(Optional<Holder> next) {
    holder = next;
  }

  /** What may be shown of the user: neither password nor secret. */
  ObjectNode toJson(Instant now) {
    ObjectNode node = Json.object();
    node.put("name", name);
    node.put("paper", paper);
    accounts.forEach(node.putArray("accounts")::add);
    node.put("secondFactor", secondFactor.kind().label());
    node.put("failures", failures);
    node.put("locked", lockedAt(now));
    if (lockedAt(now)) {
      node.put("lockedUntil", lockedUntil.toString());
    }
    holder.ifPresent(present -> node.put("holder", present.label()));
    ObjectNode held = node.putObject("positions");
    positions.forEach(held::set);
    return node;
  }
}
