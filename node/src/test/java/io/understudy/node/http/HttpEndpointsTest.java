package io.understudy.node.http;

import static io.understudy.node.testing.ClusterScript.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginAttempt.Verdict;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.loop.LoopPulse;
import io.understudy.node.metrics.NodeMetrics;
import io.understudy.node.spi.DriverException;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointsTest {
  private final ClusterScript cluster = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(cluster.status());
  private final NodeMetrics metrics =
      new NodeMetrics(
          control,
          ImmutableList.of(ClusterScript.SETTINGS),
          ImmutableMap.of(),
          ImmutableMap.of(),
          cluster::now);
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpEndpoints endpoints;

  @BeforeEach
  void start() throws DriverException {
    endpoints = start(LoopPulse.SILENCE_MAX_DEFAULT);
  }

  @AfterEach
  void stop() {
    endpoints.close();
    metrics.close();
    client.close();
  }

  private HttpEndpoints start(Duration silenceMax) throws DriverException {
    return HttpEndpoints.start(
        ImmutableList.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        control,
        metrics,
        new LoopPulse(silenceMax));
  }

  private HttpResponse<String> send(String method, String path) {
    int port = endpoints.addresses().getFirst().getPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .method(method, BodyPublishers.noBody())
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> get(String path) {
    return send("GET", path);
  }

  @Test
  void onlyTheServingNodeIsTheLeaderForALoadBalancer() {
    for (Phase phase : Phase.values()) {
      cluster.cell(A, phase, 7);
      control.publish(cluster.status());
      int expected = phase == Phase.SERVING ? 200 : 503;
      for (String path : ImmutableList.of("/leader", "/leader/live", "/leader?gateway=live")) {
        assertThat(get(path).statusCode()).as("%s in %s", path, phase).isEqualTo(expected);
      }
    }
  }

  @Test
  void aNodeThatDoesNotServeSaysWhy() {
    assertThat(get("/leader").body()).isEqualTo("a does not serve live: the cell is STANDBY\n");
    assertThat(get("/leader/paper").statusCode()).isEqualTo(404);
  }

  @Test
  void aStuckLoopIsNeitherAliveNorReadyNorLeading() throws DriverException {
    cluster.cell(A, Phase.SERVING, 7);
    control.publish(cluster.status());
    endpoints.close();
    endpoints = start(Duration.ZERO);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    for (String path : ImmutableList.of("/livez", "/readyz", "/leader", "/health")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(503);
    }
    control.publish(cluster.status());
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void aNodeIsReadyWhenItCouldTakeOverAndNotWithoutQuorum() {
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    cluster.connected(false);
    control.publish(cluster.status());
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).contains("coordination does not answer");
    cluster.connected(true).cell(A, Phase.NEEDS_OPERATOR, 7);
    control.publish(cluster.status());
    assertThat(get("/readyz").body()).isEqualTo("live: the cell is NEEDS_OPERATOR\n");
  }

  @Test
  void healthTellsOfTheLoginFromCachedState() throws IOException {
    Instant at = Instant.parse("2026-11-20T11:59:00Z");
    cluster
        .claimed(7)
        .cell(A, Phase.SERVING, 7)
        .ledger(
            LoginLedger.EMPTY
                .withAttempt(new LoginAttempt("1", A, new Epoch(7), at, Verdict.OPEN))
                .withVerdict("1", Verdict.SUCCEEDED, at));
    control.publish(cluster.status());
    HttpResponse<String> response = get("/health");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    JsonNode health = new ObjectMapper().readTree(response.body());
    assertThat(health.get("gateway_authenticated").asBoolean()).isTrue();
    assertThat(health.get("last_successful_login").asText()).isEqualTo("2026-11-20T11:59:00Z");
    assertThat(health.get("node").asText()).isEqualTo("a");
    JsonNode live = health.get("gateways").get(0);
    assertThat(live.get("phase").asText()).isEqualTo("SERVING");
    assertThat(live.get("epoch").asLong()).isEqualTo(7);
    assertThat(live.get("leader").asText()).isEqualTo("a");
    assertThat(live.get("gate_open").asBoolean()).isTrue();
  }

  @Test
  void healthBeforeAnyLoginHasNoTime() throws IOException {
    JsonNode health = new ObjectMapper().readTree(get("/health").body());
    assertThat(health.get("gateway_authenticated").asBoolean()).isFalse();
    assertThat(health.get("last_successful_login").isNull()).isTrue();
  }

  @Test
  void metricsAreServedAsOpenMetricsToWhoeverPrefersThem() {
    int port = endpoints.addresses().getFirst().getPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .timeout(Duration.ofSeconds(10))
            .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
            .build();
    HttpResponse<String> response;
    try {
      response = client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(response.body()).endsWith("# EOF\n");
  }

  @Test
  void metricsAreServedAsText() {
    HttpResponse<String> response = get("/metrics");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body()).contains("understudy_coordination_connected 1.0");
  }

  @Test
  void headIsServedWithoutBodyAndOtherMethodsAreNot() {
    assertThat(send("HEAD", "/livez").statusCode()).isEqualTo(200);
    assertThat(send("HEAD", "/leader").statusCode()).isEqualTo(503);
    HttpResponse<String> post = send("POST", "/leader");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
  }

  @Test
  void unknownAndOverlongAddressesAreRefused() {
    assertThat(get("/livez/x").statusCode()).isEqualTo(404);
    assertThat(get("/" + "x".repeat(300)).statusCode()).isEqualTo(414);
  }

  @Test
  void aBusyPortIsOneClearSentence() {
    DriverException busy =
        catchThrowableOfType(
            DriverException.class,
            () ->
                HttpEndpoints.start(
                    endpoints.addresses(),
                    control,
                    metrics,
                    new LoopPulse(LoopPulse.SILENCE_MAX_DEFAULT)));
    assertThat(busy)
        .hasMessageContaining("HTTP endpoints cannot listen on")
        .hasMessageContaining(":" + endpoints.addresses().getFirst().getPort());
  }
}
