package io.understudy.simulator.gateway;

import static io.understudy.simulator.gateway.World.PASSWORD;
import static io.understudy.simulator.gateway.World.USER;
import static io.understudy.simulator.gateway.World.body;
import static io.understudy.simulator.gateway.World.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TakeoverTest {
  private static final Duration STEP = Duration.ofSeconds(30);
  private World world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new World(folder);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private int singleSession() {
    return world.report().at("/violationsByPromise/SingleSession").asInt();
  }

  @Test
  void aNewLoginKicksTheRemnantOfADeadGatewayWithoutAViolation() throws Exception {
    World.Gateway a = world.gateway("a");
    a.logIn();
    a.get("/v1/api/iserver/account/orders");
    a.close();
    until(() -> world.control("GET", "gateways", "").isEmpty());
    World.Gateway b = world.gateway("b");
    b.submitCredentials(PASSWORD);
    world.pass(STEP);
    b.logIn();

    JsonNode displacement = world.report().path("displacementList").path(0);
    assertThat(displacement.path("from").asText()).isEqualTo("a");
    assertThat(displacement.path("by").asText()).isEqualTo("b");
    world.assertNoViolation();
  }

  @Test
  void aPlannedSwitchoverIsWithoutAViolation() throws Exception {
    World.Gateway a = world.gateway("a");
    a.logIn();
    a.post("/v1/api/logout", "");
    a.get("/clear");
    world.pass(STEP);
    World.Gateway b = world.gateway("b");
    b.logIn();
    assertThat(a.get("/v1/api/iserver/auth/status").status()).isEqualTo(401);

    world.assertNoViolation();
    assertThat(world.report().path("displacements").asInt()).isZero();
  }

  @Test
  void theKickedGatewaySeesThatItCompetes() throws Exception {
    World.Gateway a = world.gateway("a");
    a.logIn();
    world.pass(STEP);
    World.Gateway b = world.gateway("b");
    b.logIn();

    JsonNode status = a.status();
    assertThat(status.path("authenticated").asBoolean()).isFalse();
    assertThat(status.path("competing").asBoolean()).isTrue();
    assertThat(body(a.get("/v1/api/iserver/accounts"))).isEmpty();
    assertThat(singleSession()).as("the displaced one asked for its accounts").isEqualTo(1);
  }

  @Test
  void aLoginWhileAnotherGatewayIsAtWorkIsAViolation() throws Exception {
    World.Gateway a = world.gateway("a");
    a.logIn();
    World.Gateway b = world.gateway("b");
    b.submitCredentials(PASSWORD);

    assertThat(singleSession()).isEqualTo(1);
    assertThat(world.report().at("/violationList/0/source").asText()).isEqualTo("b");
    assertThat(world.report().at("/violationList/0/other").asText()).isEqualTo("a");
  }

  @Test
  void aDisplacedGatewayWhoseTickleFailsTakesTheSessionBack() throws Exception {
    World.Gateway a = world.gateway("a", Duration.ofMillis(100));
    a.logIn();
    world.pass(STEP);
    World.Gateway b = world.gateway("b");
    b.logIn();
    assertThat(singleSession()).isZero();

    world.control(
        "POST",
        "faults",
        "{\"kind\": \"status\", \"path\": \"/tickle\", \"status\": 503, \"count\": 1,"
            + " \"source\": \"a\"}");

    until(() -> a.status().path("authenticated").asBoolean());
    assertThat(b.status().path("competing").asBoolean()).isTrue();
    assertThat(singleSession()).isPositive();
  }

  @Test
  void aClearedGatewayFallsSilentAfterSixRefusedValidates() throws Exception {
    World.Gateway a = world.gateway("a", Duration.ofMillis(100));
    a.logIn();
    until(() -> world.ownCalls("a", "/v1/portal/tickle") > 1);
    long validates = world.ownCalls("a", "/v1/portal/sso/validate");

    a.get("/clear");

    until(() -> world.ownCalls("a", "/v1/portal/sso/validate") >= validates + 6);
    long tickles = world.ownCalls("a", "/v1/portal/tickle");
    assertThat(world.report().path("initList")).hasSize(1);
    world.pass(STEP);
    World.Gateway b = world.gateway("b");
    b.logIn();
    assertThat(world.ownCalls("a", "/v1/portal/tickle")).isEqualTo(tickles);
    assertThat(a.post("/v1/api/iserver/reauthenticate", "").text()).contains("triggered");
    world.assertNoViolation();
  }

  @Test
  void aGatewayThatOnlyLoggedOutKeepsItsSingleSignOnAlive() throws Exception {
    World.Gateway a = world.gateway("a", Duration.ofMillis(100));
    a.logIn();
    a.post("/v1/api/logout", "");
    long tickles = world.ownCalls("a", "/v1/portal/tickle");

    until(() -> world.ownCalls("a", "/v1/portal/tickle") > tickles + 1);

    assertThat(a.get("/v1/api/sso/validate").status()).isEqualTo(200);
    assertThat(world.ownCalls("a", "/v1/portal/logout")).isZero();
  }

  @Test
  void aKickedGatewayLogsOutAfterEachOfItsTicklesAndDisturbsNobody() throws Exception {
    World.Gateway a = world.gateway("a", Duration.ofMillis(100));
    a.logIn();
    world.pass(STEP);
    World.Gateway b = world.gateway("b");
    b.logIn();

    until(() -> world.ownCalls("a", "/v1/portal/logout") > 2);

    assertThat(b.status().path("authenticated").asBoolean()).isTrue();
    assertThat(a.status().path("competing").asBoolean()).isTrue();
    world.assertNoViolation();
  }

  @Test
  void withoutCompeteTheHolderIsNotDisturbed() throws Exception {
    World.Gateway a = world.gateway("a");
    a.logIn();
    world.control("POST", "third-party-login/" + USER, "");
    assertThat(a.status().path("competing").asBoolean()).isTrue();

    JsonNode refused =
        body(a.post("/v1/api/iserver/auth/ssodh/init", "{\"publish\": true, \"compete\": false}"));
    assertThat(refused.path("authenticated").asBoolean()).isFalse();
    JsonNode taken =
        body(a.post("/v1/api/iserver/auth/ssodh/init", "{\"publish\": true, \"compete\": true}"));
    assertThat(taken.path("authenticated").asBoolean()).isTrue();
    world.assertNoViolation();
  }

  @Test
  void publishMustBeTrue() throws Exception {
    World.Gateway a = world.gateway("a");
    a.logIn();

    assertThat(a.post("/v1/api/iserver/auth/ssodh/init", "{\"compete\": true}").status())
        .isEqualTo(500);
  }
}
