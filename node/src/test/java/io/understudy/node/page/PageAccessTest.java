package io.understudy.node.page;

import static io.understudy.node.page.OpenPage.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may look, and what a browser is told. */
class PageAccessTest {
  private static final ImmutableList<String> GUARDED =
      ImmutableList.of("/", "/events", "/status.json", "/nothing");

  @TempDir private Path folder;
  private final FakeNodeControl control = new FakeNodeControl(new ClusterScript().status());
  private OpenPage page;
  private HttpClient stranger;

  @BeforeEach
  void open() throws DriverException {
    page = new OpenPage(folder, control);
    stranger = page.stranger();
  }

  @AfterEach
  void close() {
    stranger.close();
    page.close();
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private int statusOf(HttpClient client, String path) {
    return send(client, page.request(path)).statusCode();
  }

  private HttpResponse<String> signIn(String token) {
    return send(
        stranger,
        page.request("/sign-in")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", page.at("").toString())
            .POST(BodyPublishers.ofString("token=" + token)));
  }

  private static String cookieOf(HttpResponse<String> response) {
    String whole = response.headers().firstValue("Set-Cookie").orElseThrow();
    return whole.substring(0, whole.indexOf(';'));
  }

  private int statusWithCookie(String cookie) {
    return send(stranger, page.request("/").header("Cookie", cookie)).statusCode();
  }

  @Test
  void strangersGetTheFormAndNothingOfTheCluster() {
    for (String path : GUARDED) {
      HttpResponse<String> response = send(stranger, page.request(path));
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(response.body()).as(path).doesNotContain("demo", "live", "STANDBY");
    }
    assertThat(send(stranger, page.request("/")).body())
        .contains("<form", "A client certificate of this cluster or the viewer token is needed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "viewer", "node"})
  void certificatesOfEveryRoleLetIn(String role) throws DriverException {
    try (HttpClient client = page.client(page.authority.issue("anna", role))) {
      assertThat(statusOf(client, "/")).isEqualTo(200);
      assertThat(send(client, page.request("/status.json")).body())
          .contains("\"cluster\":\"demo\"");
    }
  }

  @Test
  void aCertificateWithoutARoleIsRefusedWithItsName() {
    try (HttpClient client = page.client(page.authority.issue("anna", "gardener"))) {
      HttpResponse<String> response = send(client, page.request("/status.json"));
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body()).contains("names no role");
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityDoesNotLetIn() {
    PemFiles foreign = new TestAuthority(folder, "elsewhere").issue("anna", "operator");
    try (HttpClient client = page.client(foreign)) {
      // A client that knows which authorities are asked for shows none of another one.
      HttpRequest request = page.request("/").build();
      try {
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      } catch (IOException | InterruptedException e) {
        assertThat(e).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aRevokedCertificateIsRefusedOverAStandingConnectionAndEvenWithTheToken()
      throws DriverException {
    PemFiles certificate = page.authority.issue("anna", "viewer");
    try (HttpClient client = page.client(certificate)) {
      assertThat(statusOf(client, "/")).isEqualTo(200);
      page.revoked.set(ImmutableSet.of(certificate.serial()));
      assertThat(statusOf(client, "/")).isEqualTo(401);
      HttpResponse<String> response = send(client, page.withToken("/status.json", TOKEN));
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.body()).contains("is revoked");
    }
  }

  @Test
  void theTokenLetsInAsLongAsItIsThere() {
    assertThat(send(stranger, page.withToken("/status.json", TOKEN)).statusCode()).isEqualTo(200);
    assertThat(send(stranger, page.withToken("/", TOKEN + "x")).statusCode()).isEqualTo(401);
    assertThat(send(stranger, page.withToken("/", "")).statusCode()).isEqualTo(401);
    page.token.set(Optional.empty());
    assertThat(send(stranger, page.withToken("/status.json", TOKEN)).statusCode()).isEqualTo(401);
  }

  @Test
  void theFormExchangesTheTokenForACookieThatOnlyThisHostGets() {
    HttpResponse<String> response = signIn(TOKEN);
    assertThat(response.statusCode()).isEqualTo(303);
    assertThat(response.headers().firstValue("Location")).contains("/");
    assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
        .startsWith("__Host-understudy=")
        .contains("; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict")
        .doesNotContain(TOKEN);
    assertThat(statusWithCookie(cookieOf(response))).isEqualTo(200);
  }

  @Test
  void aCookieEndsWithTheTokenThatItWasMadeWith() {
    String cookie = cookieOf(signIn(TOKEN));
    page.token.set(Optional.of(Secret.of("another-token-of-viewers-as-long")));
    assertThat(statusWithCookie(cookie)).isEqualTo(401);
    page.token.set(Optional.empty());
    assertThat(statusWithCookie(cookie)).isEqualTo(401);
  }

  @Test
  void signingOutTakesTheCookieBack() {
    HttpResponse<String> response =
        send(stranger, page.request("/sign-out").POST(BodyPublishers.noBody()));
    assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("__Host-understudy=;", "Max-Age=0");
  }

  @Test
  void theFormOfAnotherSiteIsNotTaken() {
    HttpResponse<String> response =
        send(
            stranger,
            page.request("/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "https://evil.example")
                .POST(BodyPublishers.ofString("token=" + TOKEN)));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void whoeverGuessesIsNotHeardForAWhile() {
    for (int i = 0; i < WrongTokens.PER_ADDRESS_MAX; i++) {
      assertThat(signIn("guess-" + i).statusCode()).isEqualTo(401);
    }
    HttpResponse<String> right = signIn(TOKEN);
    assertThat(right.statusCode()).isEqualTo(429);
    assertThat(right.headers().firstValue("Retry-After")).contains("60");
    assertThat(right.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(send(stranger, page.withToken("/", TOKEN)).statusCode()).isEqualTo(429);
    try (HttpClient client = page.client(page.authority.issue("anna", "viewer"))) {
      assertThat(statusOf(client, "/")).as("a certificate is no guess").isEqualTo(200);
    }
  }

  @Test
  void everyAnswerForbidsWhatThePageDoesNotNeed() {
    for (String path : ImmutableList.of("/", "/page.js", "/page.css", "/status.json", "/sign-in")) {
      HttpResponse<String> response = send(stranger, page.withToken(path, TOKEN));
      assertThat(response.headers().firstValue("Content-Security-Policy"))
          .as(path)
          .hasValueSatisfying(policy ->
              assertThat(policy)
                  .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                  .contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
                  .doesNotContain("unsafe", "*", "http:"));
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }
  }

  @Test
  void thePageChangesNothing() {
    for (String method : ImmutableList.of("PUT", "DELETE", "PATCH", "OPTIONS")) {
      HttpResponse<String> response =
          send(stranger, page.withToken("/", TOKEN).method(method, BodyPublishers.noBody()));
      assertThat(response.statusCode()).as(method).isEqualTo(405);
    }
    var _ = send(stranger, page.withToken("/status.json", TOKEN).POST(BodyPublishers.noBody()));
    assertThat(control.submitted()).isEmpty();
  }

  @Test
  void nothingIsServedWithoutTls() {
    try (HttpClient plain = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page.address().getPort() + "/"))
              .build();
      assertThatThrownBy(() -> plain.send(request, BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aBusyPortIsOneClearSentence() {
    PageServer.Settings taken =
        new PageServer.Settings(page.address(), material(), ImmutableSet::of, Optional::empty);
    assertThatThrownBy(() -> PageServer.start(taken, control).close())
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("The status page cannot listen on")
        .hasMessageContaining(":" + page.address().getPort());
  }

  private Reloaded<TlsMaterial> material() {
    try {
      return page.own.material();
    } catch (DriverException e) {
      throw new AssertionError(e);
    }
  }
}
