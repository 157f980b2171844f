package io.understudy.simulator.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.broker.Challenge;
import io.understudy.simulator.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the gateway does by itself once somebody has logged in through it.
 *
 * <p>The sequence: validate, one/user, ssodh/init, ssodh/st, a pause of {@code authDelay}, status,
 * and unless that is authenticated the brokerage init <em>with compete true</em>, its challenge,
 * and accounts. Then a tickle and a ping each in its interval. Reactions to the own tickle:
 *
 * <ul>
 *   <li>not 200, or not JSON: the sequence runs again, twice in parallel, so the brokerage session
 *       is taken back if the single sign-on still holds;
 *   <li>authenticated false and connected true: {@code GET logout} after each such tickle;
 *   <li>no answer at all, or anything else: nothing.
 * </ul>
 *
 * <p>A validate that is refused is repeated; when all are refused the timers stop for good. Each
 * call runs on a thread of its own, because an upstream may never answer it. Safe for threads.
 */
final class OwnSession implements AutoCloseable {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final int VALIDATES_AFTER_PAUSE = 2;
  private static final int PARALLEL_RUNS = 2;

  private final Upstream upstream;
  private final GatewayLog log;
  private final Duration authDelay;
  private final Duration tickle;
  private final Duration validatePause;
  private final Duration ping;
  private final AtomicInteger timers = new AtomicInteger();
  private volatile boolean loggedInOnce;
  private volatile boolean ticking;

  OwnSession(
      Upstream upstream,
      GatewayLog log,
      Duration authDelay,
      Duration tickle,
      Duration validatePause,
      Duration ping) {
    this.upstream = upstream;
    this.log = log;
    this.authDelay = authDelay;
    this.tickle = tickle;
    this.validatePause = validatePause;
    this.ping = ping;
  }

  @Override
  public void close() {
    stopTimers();
  }

  /** Whether there was a login since the program started; a logout or clear does not undo it. */
  boolean loggedInOnce() {
    return loggedInOnce;
  }

  /** The login page was answered with success. */
  void loginSucceeded() {
    loggedInOnce = true;
    start("login", this::sequence);
  }

  /** A client asked for the sequence. */
  void reauthenticate() {
    start("reauthenticate", this::sequence);
  }

  private void sequence() {
    try {
      Optional<JsonNode> user = validate();
      if (user.isEmpty()) {
        stopTimers();
        return;
      }
      var _ = upstream.own("GET", "/v1/portal/one/user", "");
      JsonNode ready = json(upstream.own("GET", "/v1/portal/ssodh/init", "")).orElse(nothing());
      if (!ready.path("success").asBoolean(false)) {
        log.debug("ssodh failed, retry with /iserver/reauthenticate");
        return;
      }
      JsonNode key = json(upstream.own("GET", "/v1/portal/ssodh/st", "")).orElse(nothing());
      log.debug("K=" + key.path("st").asText());
      Thread.sleep(authDelay);
      openBrokerage(user.get().path("USER_NAME").asText(), key.path("st").asText());
    } catch (IOException e) {
      log.message("own call failed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks until it is answered 200 or all tries are spent. */
  private Optional<JsonNode> validate() throws IOException, InterruptedException {
    for (int attempt = 0; attempt <= VALIDATES_AFTER_PAUSE; attempt++) {
      if (attempt == 1) {
        Thread.sleep(validatePause);
      }
      HttpResponse answer = upstream.own("GET", "/v1/portal/sso/validate?gw=1", "");
      Optional<JsonNode> body = answer.status() == 200 ? json(answer) : Optional.empty();
      if (body.isPresent() && body.get().path("RESULT").asBoolean(false)) {
        return body;
      }
    }
    return Optional.empty();
  }

  private void openBrokerage(String user, String key) throws IOException {
    JsonNode status =
        json(upstream.own("GET", "/v1/portal/iserver/auth/status", "")).orElse(nothing());
    boolean open = status.path("authenticated").asBoolean(false) || prove(user, key);
    if (!open) {
      return;
    }
    var _ = upstream.own("GET", "/v1/portal/iserver/accounts", "");
    startTimers();
  }

  /** Answers challenges until one is passed; like the genuine program it knows no limit. */
  private boolean prove(String user, String key) throws IOException {
    while (true) {
      ObjectNode init = JsonNodeFactory.instance.objectNode();
      init.put("username", user);
      init.put("machineId", machineId());
      init.put("compete", true);
      JsonNode offered =
          json(upstream.own("POST", "/v1/portal/iserver/auth/ssodh/init", init.toString()))
              .orElse(nothing());
      if (offered.path("authenticated").asBoolean(false)) {
        return true;
      }
      String challenge = offered.path("challenge").asText("");
      if (challenge.isEmpty()) {
        return false;
      }
      ObjectNode proof = JsonNodeFactory.instance.objectNode();
      proof.put("response", Challenge.response(challenge, key));
      JsonNode verdict =
          json(upstream.own("POST", "/v1/portal/iserver/auth/ssodh/response", proof.toString()))
              .orElse(nothing());
      if (!verdict.has("passed")) {
        return false;
      }
      if (verdict.path("passed").asBoolean()) {
        return true;
      }
    }
  }

  private static String machineId() {
    return String.format(Locale.ROOT, "%08x", ThreadLocalRandom.current().nextInt());
  }

  private synchronized void startTimers() {
    if (ticking) {
      return;
    }
    ticking = true;
    int generation = timers.incrementAndGet();
    start("tickle-timer", () -> every(tickle, generation, this::tickleOnce));
    start("ping-timer", () -> every(ping, generation, this::pingOnce));
  }

  private synchronized void stopTimers() {
    ticking = false;
    timers.incrementAndGet();
  }

  private void every(Duration interval, int generation, Runnable action) {
    try {
      while (timers.get() == generation) {
        Thread.sleep(interval);
        if (timers.get() == generation) {
          start("timed-call", action);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tickleOnce() {
    try {
      HttpResponse answer = upstream.own("GET", "/v1/portal/tickle", "");
      log.debug("tickle " + answer.status() + " " + answer.text());
      Optional<JsonNode> body = answer.status() == 200 ? json(answer) : Optional.empty();
      if (body.isEmpty()) {
        for (int run = 0; run < PARALLEL_RUNS; run++) {
          start("retake", this::sequence);
        }
        return;
      }
      JsonNode status = body.get().path("iserver").path("authStatus");
      if (status.has("authenticated")
          && !status.path("authenticated").asBoolean()
          && status.path("connected").asBoolean(false)) {
        var _ = upstream.own("GET", "/v1/portal/logout", "");
      }
    } catch (IOException e) {
      log.message("tickle failed: " + e.getMessage());
    }
  }

  private void pingOnce() {
    try {
      var _ = upstream.own("GET", "/sso/ping", "");
    } catch (IOException e) {
      log.message("ping failed: " + e.getMessage());
    }
  }

  private static void start(String name, Runnable action) {
    var _ = Thread.ofVirtual().name(name).start(action);
  }

  private static Optional<JsonNode> json(HttpResponse answer) {
    try {
      JsonNode node = MAPPER.readTree(answer.text());
      return node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static JsonNode nothing() {
    return JsonNodeFactory.instance.objectNode();
  }
}
