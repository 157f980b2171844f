package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** One web login of one source, with its state towards the brokerage session. */
final class SsoSession {
  static final Duration LIFETIME = Duration.ofHours(24);
  static final Duration ROLLING = Duration.ofMinutes(10);

  enum Brokerage {
    /** Not asked for yet, or lost without anybody's doing. */
    NONE,
    HELD,
    /** Another login took it. */
    KICKED,
    /** Asked for without compete while another held it. */
    REFUSED,
    LOGGED_OUT
  }

  private final String id = Challenge.randomHex(32);
  private final String key = Challenge.randomHex(16);
  private final String apiSession = Challenge.randomHex(16);
  private final User user;
  private final String source;
  private final Instant createdAt;
  private Instant lastCall;
  private final Instant userIdAt;
  private boolean userIdSent;
  private boolean ended;
  private Brokerage brokerage = Brokerage.NONE;
  private Optional<String> challenge = Optional.empty();
  private boolean compete;
  private boolean accountsAsked;
  private boolean ordersAsked;
  private Optional<Question> question = Optional.empty();
  private final Set<String> suppressed = new LinkedHashSet<>();

  /** Orders that wait for an answer. */
  record Question(String id, String account, JsonNode orders) {}

  SsoSession(User user, String source, Instant now, Duration userIdDelay) {
    this.user = user;
    this.source = source;
    this.createdAt = now;
    this.lastCall = now;
    this.userIdAt = now.plus(userIdDelay);
    this.userIdSent = userIdDelay.isZero();
  }

  String id() {
    return id;
  }

  String key() {
    return key;
  }

  String apiSession() {
    return apiSession;
  }

  User user() {
    return user;
  }

  String source() {
    return source;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant lastCall() {
    return lastCall;
  }

  boolean valid(Instant now) {
    return !ended && now.isBefore(createdAt.plus(LIFETIME)) && now.isBefore(lastCall.plus(ROLLING));
  }

  boolean hasUserId(Instant now) {
    return !now.isBefore(userIdAt);
  }

  /** Whether the cookie USERID is to be sent now; true once. */
  boolean userIdDue(Instant now) {
    if (userIdSent || !hasUserId(now)) {
      return false;
    }
    userIdSent = true;
    return true;
  }

  void touch(Instant now) {
    lastCall = now;
  }

  void end() {
    ended = true;
  }

  Brokerage brokerage() {
    return brokerage;
  }

  void setBrokerage(Brokerage next) {
    brokerage = next;
    if (next != Brokerage.HELD) {
      accountsAsked = false;
      ordersAsked = false;
      suppressed.clear();
      question = Optional.empty();
    }
  }

  String newChallenge(boolean withCompete) {
    String fresh = Challenge.randomHex(8);
    challenge = Optional.of(fresh);
    compete = withCompete;
    return fresh;
  }

  Optional<String> takeChallenge() {
    Optional<String> taken = challenge;
    challenge = Optional.empty();
    return taken;
  }

  boolean compete() {
    return compete;
  }

  boolean accountsAsked() {
    return accountsAsked;
  }

  void askedAccounts() {
    accountsAsked = true;
  }

  /** Whether orders were asked for before; from now on they were. */
  boolean askOrders() {
    boolean before = ordersAsked;
    ordersAsked = true;
    return before;
  }

  void setQuestion(Optional<Question> next) {
    question = next;
  }

  Optional<Question> takeQuestion() {
    Optional<Question> taken = question;
    question = Optional.empty();
    return taken;
  }

  Set<String> suppressed() {
    return suppressed;
  }
}
