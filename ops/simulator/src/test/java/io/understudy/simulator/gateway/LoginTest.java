package io.understudy.simulator.gateway;

import static io.understudy.simulator.gateway.World.ACCOUNT;
import static io.understudy.simulator.gateway.World.PASSWORD;
import static io.understudy.simulator.gateway.World.USER;
import static io.understudy.simulator.gateway.World.body;
import static io.understudy.simulator.gateway.World.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.simulator.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoginTest {
  private World world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new World(folder);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void theGatewayOpensTheBrokerageSessionByItselfAndWithCompete() throws Exception {
    World.Gateway gateway = world.gateway("a");
    assertThat(gateway.get("/v1/api/iserver/auth/status").status()).isEqualTo(401);

    gateway.logIn();

    JsonNode status = gateway.status();
    assertThat(status.path("connected").asBoolean()).isTrue();
    assertThat(status.path("competing").asBoolean()).isFalse();
    JsonNode init = world.report().path("initList").path(0);
    assertThat(init.path("compete").asBoolean()).isTrue();
    assertThat(init.path("byItself").asBoolean()).isTrue();
    assertThat(world.report().at("/logins/succeeded").asInt()).isEqualTo(1);
    world.assertNoViolation();
  }

  @Test
  void theTwoPrefixesAnswerAlike() throws Exception {
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();

    assertThat(body(gateway.get("/v1/portal/iserver/auth/status"))).isEqualTo(gateway.status());
    assertThat(body(gateway.get("/v1/portal/sso/validate")).path("RESULT").asBoolean()).isTrue();
    assertThat(body(gateway.post("/v1/api/tickle", "")).at("/iserver/authStatus"))
        .isEqualTo(gateway.status());
  }

  @Test
  void aLogoutKeepsTheSingleSignOnAndAClearForgetsIt() throws Exception {
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();

    assertThat(body(gateway.post("/v1/api/logout", "")).path("status").asBoolean()).isTrue();
    assertThat(gateway.status().path("authenticated").asBoolean()).isFalse();
    assertThat(gateway.get("/v1/api/sso/validate").status()).isEqualTo(200);

    assertThat(gateway.get("/clear").text()).isEqualTo("cleared");
    assertThat(gateway.get("/v1/api/sso/validate").status()).isEqualTo(401);
  }

  @Test
  void aCodeIsRefusedTheSecondTimeAndTheJudgeSaysSo() throws Exception {
    World.Gateway first = world.gateway("a");
    first.logIn();
    first.post("/v1/api/logout", "");
    World.Gateway second = world.gateway("b");

    String loginId = second.submitCredentials(PASSWORD).path("loginId").asText();
    JsonNode answer = second.submitCode(loginId, world.code());

    assertThat(answer.path("text").asText()).isEqualTo("Incorrect security code");
    assertThat(world.report().at("/violationsByPromise/OneCodePerStep").asInt()).isEqualTo(1);
    assertThat(world.report().path("violations").asInt()).isEqualTo(1);
    assertThat(world.report().at("/violationList/0/source").asText()).isEqualTo("b");
  }

  @Test
  void aCodeThatIsTooOldIsAcceptedOnlyWithTolerance() throws Exception {
    World.Gateway gateway = world.gateway("a");
    String loginId = gateway.submitCredentials(PASSWORD).path("loginId").asText();
    String old = World.code(world.now().minusSeconds(30));
    assertThat(gateway.submitCode(loginId, old).path("state").asText()).isEqualTo("error");

    world.control(
        "POST",
        "users/" + USER,
        "{\"secondFactor\": {\"kind\": \"totp\", \"tolerance\": 1,"
            + " \"secret\": \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"}}");
    String code = world.code();
    world.pass(Duration.ofSeconds(30));

    assertThat(gateway.submitCode(loginId, code).path("state").asText()).isEqualTo("finished");
  }

  @Test
  void tenRefusalsLockTheUserEvenForTheRightPassword() throws Exception {
    World.Gateway gateway = world.gateway("a");
    for (int attempt = 0; attempt < 10; attempt++) {
      assertThat(gateway.submitCredentials("wrong").path("text").asText())
          .isEqualTo("Invalid username password combination");
    }

    assertThat(gateway.submitCredentials(PASSWORD).path("text").asText())
        .contains("account is locked");
    world.pass(Duration.ofHours(23));
    assertThat(gateway.submitCredentials(PASSWORD).path("state").asText()).isEqualTo("error");
    world.pass(Duration.ofHours(24));
    assertThat(gateway.submitCredentials(PASSWORD).path("state").asText()).isEqualTo("code");
    assertThat(world.report().at("/violationsByPromise/LoginBudget").asInt())
        .as("the fourth to the tenth, two while locked, and one above the budget")
        .isEqualTo(10);
  }

  @Test
  void theWrongModeIsToldAndIsNoFailure() throws Exception {
    World.Gateway gateway = world.gateway("a");
    world.control("POST", "users/" + USER, "{\"paper\": true}");

    JsonNode answer = gateway.submitCredentials(PASSWORD);

    assertThat(answer.path("state").asText()).isEqualTo("wrong-mode");
    assertThat(answer.path("text").asText()).contains("select the correct Login mode");
    assertThat(world.control("GET", "users", "").at("/0/failures").asInt()).isZero();
  }

  @Test
  void aPushWaitsForThePersonAndCountsAsAFailureWhenMissed() throws Exception {
    World.Gateway gateway = world.gateway("a");
    world.control("POST", "users/" + USER, "{\"secondFactor\": {\"kind\": \"push\"}}");
    String loginId = gateway.submitCredentials(PASSWORD).path("loginId").asText();
    var poll = Map.of("ACTION", "POLL", "loginId", loginId);
    assertThat(gateway.authenticator(poll).path("state").asText()).isEqualTo("push");

    world.control("POST", "push/" + USER + "/approve", "");
    assertThat(gateway.authenticator(poll).path("state").asText()).isEqualTo("finished");

    String missed = gateway.submitCredentials(PASSWORD).path("loginId").asText();
    world.pass(Duration.ofMinutes(3));
    assertThat(
            gateway
                .authenticator(Map.of("ACTION", "POLL", "loginId", missed))
                .path("state")
                .asText())
        .isEqualTo("error");
    assertThat(world.control("GET", "users", "").at("/0/failures").asInt()).isEqualTo(1);
  }

  @Test
  void positionsStayCachedUntilTheyAreInvalidated() throws Exception {
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();
    String path = "/v1/api/portfolio/" + ACCOUNT + "/positions/";
    JsonNode before = body(gateway.get(path + "0"));
    assertThat(before.at("/0/position").decimalValue()).isEqualByComparingTo("100");
    assertThat(body(gateway.get(path + "1"))).isEmpty();

    world.control(
        "POST",
        "positions/" + USER + "/" + ACCOUNT,
        "[{\"conid\": 265598, \"ticker\": \"AAPL\", \"position\": \"90\"}]");

    assertThat(body(gateway.get(path + "0"))).isEqualTo(before);
    assertThat(body(gateway.get("/v1/api/portfolio2/" + ACCOUNT + "/positions")).at("/0/position"))
        .hasToString("90");
    assertThat(body(gateway.post(path + "invalidate", "")).at("/0/position")).hasToString("90");
  }

  @Test
  void ordersNeedAPreflightCall() throws Exception {
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();

    assertThat(body(gateway.get("/v1/api/iserver/account/orders")).path("orders")).isEmpty();
    assertThat(body(gateway.get("/v1/api/iserver/account/orders")).path("orders")).hasSize(1);
  }

  @Test
  void theLocalRoutesAreThoseOfTheGenuineGateway() throws Exception {
    World.Gateway gateway = world.gateway("a");

    HttpResponse root = gateway.get("/");
    assertThat(root.status()).isEqualTo(302);
    assertThat(root.headers().first("Location")).contains("/sso/Login?forwardTo=22&RL=1&ip2loc=US");
    assertThat(gateway.get("/demo/").status()).isEqualTo(200);
    assertThat(gateway.get("/other").headers().first("Location"))
        .contains(world.brokerAddress() + "/other");
    assertThat(gateway.post("/v1/api/iserver/reauthenticate", "").text())
        .isEqualTo("{\"error\":\"not logged in\"}");
    gateway.logIn();
    assertThat(gateway.post("/v1/portal/iserver/reauthenticate?force=true", "").text())
        .isEqualTo("{\"message\":\"triggered\"}");
  }

  @Test
  void theDateOfTheAnswersFollowsTheClockThatIsSet() throws Exception {
    World.Gateway gateway = world.gateway("a");
    world.control("POST", "clock", "{\"offset\": \"90s\"}");

    assertThat(gateway.get("/v1/api/tickle").headers().first("Date"))
        .contains("Mon, 05 Jan 2026 12:01:31 GMT");
  }

  @Test
  void aBrokerageSessionWithoutCallsIsDroppedAfterSixMinutes() throws Exception {
    World.Gateway gateway = world.gateway("a");
    gateway.logIn();

    world.pass(Duration.ofMinutes(7));

    until(() -> !gateway.status().path("authenticated").asBoolean());
    assertThat(gateway.status().path("connected").asBoolean()).isTrue();
  }
}
