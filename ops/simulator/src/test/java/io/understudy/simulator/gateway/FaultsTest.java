package io.understudy.simulator.gateway;

import static io.understudy.simulator.gateway.World.PASSWORD;
import static io.understudy.simulator.gateway.World.USER;
import static io.understudy.simulator.gateway.World.body;
import static io.understudy.simulator.gateway.World.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.simulator.http.Headers;
import io.understudy.simulator.http.HttpCaller;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FaultsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private World world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new World(folder);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private JsonNode fault(String json) {
    return world.control("POST", "faults", json);
  }

  private void assertNoAnswer(World.Gateway gateway, String target) {
    HttpCaller caller = new HttpCaller(gateway.address(), Optional.of(SHORT));
    assertThatThrownBy(() -> caller.call("GET", target, new Headers(), new byte[0]))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void withoutAnUpstreamClientsGetNoAnswerButTheLocalRoutesWork() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"drop\"}");

    assertNoAnswer(gateway, "/v1/api/tickle");
    assertThat(gateway.get("/").status()).isEqualTo(302);
    assertThat(gateway.get("/clear").text()).isEqualTo("cleared");

    world.control("DELETE", "faults", "");
    assertThat(gateway.get("/v1/api/tickle").status()).isEqualTo(401);
  }

  @Test
  void aHangConcernsOnlyItsPath() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"hang\", \"path\": \"/tickle\"}");

    assertNoAnswer(gateway, "/v1/api/tickle");
    assertThat(gateway.get("/v1/api/sso/validate").status()).isEqualTo(401);
  }

  @Test
  void aStatusIsAnsweredAsOftenAsWanted() throws Exception {
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();
    fault("{\"kind\": \"status\", \"path\": \"/v1/api/iserver\", \"status\": 500, \"count\": 2}");

    assertThat(gateway.get("/v1/api/iserver/accounts").status()).isEqualTo(500);
    assertThat(gateway.get("/v1/api/tickle").status()).isEqualTo(200);
    assertThat(gateway.get("/v1/api/iserver/accounts").status()).isEqualTo(500);
    assertThat(gateway.get("/v1/api/iserver/accounts").status()).isEqualTo(200);
  }

  @Test
  void aFaultEndsWithItsTime() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"status\", \"for\": \"10s\"}");
    assertThat(gateway.get("/v1/api/tickle").status()).isEqualTo(503);

    world.pass(Duration.ofSeconds(10));

    assertThat(gateway.get("/v1/api/tickle").status()).isEqualTo(401);
  }

  @Test
  void aLoginCanSucceedAndNeverBecomeAuthenticated() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"never-authenticated\"}");
    String loginId = gateway.submitCredentials(PASSWORD).path("loginId").asText();
    gateway.submitCode(loginId, world.code());
    gateway.form("/sso/Dispatcher", Map.of("loginId", loginId));

    until(() -> world.report().path("initList").size() == 1);
    assertThat(gateway.status().path("authenticated").asBoolean()).isFalse();
    assertThat(gateway.status().path("connected").asBoolean()).isTrue();
  }

  @Test
  void aLoginCanSucceedAndEveryCallBeRefused() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"login-then-401\"}");
    String loginId = gateway.submitCredentials(PASSWORD).path("loginId").asText();
    gateway.submitCode(loginId, world.code());

    assertThat(gateway.form("/sso/Dispatcher", Map.of("loginId", loginId)).text())
        .isEqualTo("Client login succeeds");
    assertThat(gateway.get("/v1/api/sso/validate").status()).isEqualTo(401);
  }

  @Test
  void aResetWindowDropsTheSessionAndRefusesLoginsWithoutCountingThem() throws Exception {
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();
    fault("{\"kind\": \"maintenance\"}");

    assertThat(gateway.get("/v1/api/iserver/auth/status").status()).isEqualTo(503);
    assertThat(gateway.get("/v1/api/iserver/accounts").text()).contains("IBKR server restart");
    assertThat(gateway.submitCredentials(PASSWORD).path("text").asText()).contains("maintenance");
    world.control("DELETE", "faults/maintenance", "");

    assertThat(gateway.status().path("authenticated").asBoolean()).isFalse();
    assertThat(world.report().path("loginsInsideWindow").asInt()).isEqualTo(1);
    assertThat(world.control("GET", "users", "").at("/0/failures").asInt()).isZero();
  }

  @Test
  void tooManyCallsAreRefusedForTenMinutes() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"pacing\", \"perSecond\": 2}");
    gateway.get("/v1/api/tickle");
    gateway.get("/v1/api/tickle");

    assertThat(gateway.get("/v1/api/tickle").status()).isEqualTo(429);
    world.pass(Duration.ofMinutes(9));
    assertThat(gateway.get("/v1/api/tickle").status()).isEqualTo(429);
    world.pass(Duration.ofMinutes(1));
    assertThat(gateway.get("/v1/api/tickle").status()).isEqualTo(401);
    assertThat(world.report().path("pacingAnswers").asInt()).isEqualTo(2);
  }

  @Test
  void ordersMayBeAskedForOnceInFiveSecondsWherePacingIsInForce() throws Exception {
    String orders = "/v1/api/iserver/account/orders";
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();
    gateway.get("/v1/api/iserver/accounts");
    fault("{\"kind\": \"pacing\", \"perSecond\": 100}");

    assertThat(gateway.get("/v1/api/portfolio/accounts").status()).isEqualTo(200);
    assertThat(gateway.get(orders).status()).isEqualTo(200);
    world.pass(Duration.ofSeconds(5));
    assertThat(gateway.get(orders).status()).isEqualTo(200);
    world.pass(Duration.ofSeconds(4));
    assertThat(gateway.get(orders).status()).isEqualTo(429);
  }

  @Test
  void aUserCanBeLockedUntilATimeThatIsNamed() throws Exception {
    World.Gateway gateway = world.gateway("a");
    world.control("POST", "users/" + USER, "{\"lockedUntil\": \"2026-01-05T14:30:00Z\"}");

    assertThat(gateway.submitCredentials(PASSWORD).path("text").asText())
        .isEqualTo(
            "Too many failed login attempts. Your account is locked until 2026-01-05T14:30:00Z");
    world.control("POST", "users/" + USER, "{\"unlock\": true}");
    assertThat(gateway.submitCredentials(PASSWORD).path("state").asText()).isEqualTo("code");
  }

  @Test
  void aChallengeThatIsNeverPassedDoesNotFlood() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"never-passed\"}");
    String loginId = gateway.submitCredentials(PASSWORD).path("loginId").asText();
    gateway.submitCode(loginId, world.code());
    gateway.form("/sso/Dispatcher", Map.of("loginId", loginId));

    until(() -> world.report().path("initList").size() == 2);
    world.control("DELETE", "faults", "");
    until(() -> gateway.status().path("authenticated").asBoolean());
    assertThat(world.report().path("initList").size()).isLessThan(5);
  }

  @Test
  void theSlowCookieFollowsLater() throws Exception {
    World.Gateway gateway = world.gateway("a");
    fault("{\"kind\": \"slow-userid\", \"delay\": \"20s\"}");
    String loginId = gateway.submitCredentials(PASSWORD).path("loginId").asText();
    gateway.submitCode(loginId, world.code());
    gateway.form("/sso/Dispatcher", Map.of("loginId", loginId));

    assertThat(gateway.get("/v1/api/sso/validate").text()).isEqualTo("No userid cookie");
    world.pass(Duration.ofSeconds(20));
    assertThat(gateway.get("/v1/api/sso/validate").status()).isEqualTo(200);
  }

  @Test
  void aGatewayHangsAndResumesOnCommand() throws Exception {
    World.Gateway gateway = world.gateway("a");
    world.control("POST", "gateways", "{\"source\": \"a\", \"fault\": \"hang\"}");
    until(() -> !answers(gateway));

    world.control("POST", "gateways", "{\"source\": \"a\", \"fault\": \"resume\"}");
    until(() -> answers(gateway));
  }

  private static boolean answers(World.Gateway gateway) {
    HttpCaller caller = new HttpCaller(gateway.address(), Optional.of(SHORT));
    try {
      return caller.call("GET", "/", new Headers(), new byte[0]).status() == 302;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aMistakeInACommandIsNamed() {
    assertThat(fault("{\"kind\": \"hangs\"}").path("error").asText())
        .startsWith("kind: hangs (expected one of: hang, status, drop");
    assertThat(fault("{\"kind\": \"page\", \"variant\": \"new\"}").path("error").asText())
        .startsWith("variant: new (expected one of: stale-selectors");
    assertThat(world.control("POST", "users/bob", "{}").path("error").asText())
        .isEqualTo("unknown user bob (expected one of: [ana])");
    assertThat(world.control("POST", "positions/ana/U9", "[]").path("error").asText())
        .isEqualTo("user ana has no account U9 (expected one of: [U1234567])");
    assertThat(body(World.request(world.brokerAddress(), "GET", "/simulator/none", "")))
        .hasToString("{\"error\":\"unknown: GET /simulator/none\"}");
  }
}
