package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.understudy.node.config.ClientPortalConfig;
import io.understudy.node.config.ClientPortalConfig.Browser;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.gateway.LoginResult.Kind;
import io.understudy.node.core.login.LoginPermit;
import io.understudy.node.core.model.Epoch;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole life of a brokerage session, once with each browser. */
@Timeout(180)
final class LoginTest {
  static final LoginPermit PERMIT = new LoginPermit("attempt-1", new Epoch(7));
  private static final Duration END = Duration.ofSeconds(8);

  @TempDir private Path folder;

  static Stream<Browser> browsers() {
    return Stream.of(PlayedIbkr.HTMLUNIT, PlayedIbkr.CHROMIUM);
  }

  @ParameterizedTest
  @MethodSource("browsers")
  void logsInReadsPositionsAndLogsOut(Browser browser) throws Exception {
    assumeInstalled(browser);
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver = ibkr.driver(change -> change.browser(browser))) {
      ibkr.positions(
          """
          [{"conid": 265598, "position": "100.25", "assetClass": "STK"},
           {"conid": 12087792, "position": "-20000", "assetClass": "CASH"},
           {"conid": 8314, "position": "0", "assetClass": "STK"}]
          """);
      ibkr.user(
          "{\"orders\": [{\"orderId\": 1, \"status\": \"Submitted\"},"
              + "{\"orderId\": 2, \"status\": \"Filled\"}]}");
      var _ = driver.start();
      PlayedConversation conversation = new PlayedConversation(ibkr.freshCode());

      LoginResult result = driver.login(PERMIT, conversation);

      assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
      assertThat(conversation.checks()).as("before credentials and before the code").isEqualTo(2);
      GatewayProcessTest.await(() -> driver.probe().usable());
      assertThat(driver.probe().brokerClockOffset())
          .hasValueSatisfying(offset ->
              assertThat(offset)
                  .as("the broker's clock was set ahead by 90 s")
                  .isBetween(Duration.ofSeconds(87), Duration.ofSeconds(93)));

      assertThat(driver.positions())
          .extracting(
              position -> position.instrument(),
              position -> position.instrumentClass(),
              position -> position.quantity())
          .containsExactly(
              tuple("265598", "STK", new BigDecimal("100.25")),
              tuple("12087792", "CASH", new BigDecimal("-2E+4")));
      assertThat(driver.openOrders()).isEqualTo(1);

      driver.logout(END);

      assertThat(driver.probe().process()).isEqualTo(ProcessState.STOPPED);
      assertThat(ibkr.report().path("violations").asInt()).isZero();
      assertThat(ibkr.report().path("logouts").asInt()).isEqualTo(1);
      assertThat(Files.exists(ibkr.stateDirectory().resolve("client-portal/live/browser")))
          .as("the browser's profile is gone")
          .isFalse();
    }
  }

  @Test
  void clockThatIsWrongIsSaidBeforeAnythingIsSubmitted() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver =
            ibkr.driver(change -> change.clockSkewMax(Duration.ofSeconds(10)))) {
      var _ = driver.start();
      ibkr.control("POST", "clock", "{\"offset\": \"90s\"}");

      LoginResult result = driver.login(PERMIT, new PlayedConversation());

      assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.ABANDONED);
      assertThat(result.detail()).contains(" s behind IBKR's").endsWith("set the clock");
      assertThat(ibkr.report().path("submissions").asInt()).isZero();
      assertThat(driver.probe().session()).isEqualTo(SessionState.LOGGED_OUT);
      assertThat(driver.probe().brokerClockOffset())
          .hasValueSatisfying(offset -> assertThat(offset).isGreaterThan(Duration.ofSeconds(80)));
      driver.fence(END);
    }
  }

  @ParameterizedTest
  @MethodSource("browsers")
  void fenceDuringALoginEndsBrowserAndGateway(Browser browser) throws Exception {
    assumeInstalled(browser);
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver = ibkr.driver(change -> change.browser(browser))) {
      var _ = driver.start();
      ibkr.fault("{\"kind\": \"login-hang\"}");
      PlayedConversation conversation = new PlayedConversation(ibkr.freshCode());
      var login = CompletableFuture.supplyAsync(() -> driver.login(PERMIT, conversation));
      GatewayProcessTest.await(() -> ibkr.report().path("submissions").asInt() == 1);
      long children = childrenOfThisProcess();

      driver.fence(END);

      LoginResult result = login.get(5, TimeUnit.SECONDS);
      assertThat(result.kind()).isEqualTo(Kind.NO_ANSWER);
      assertThat(result.detail()).contains("cut short by a fence");
      assertThat(driver.probe().process()).isEqualTo(ProcessState.STOPPED);
      assertThat(driver.probe().session()).isEqualTo(SessionState.LOGGED_OUT);
      assertThat(children).isPositive();
      GatewayProcessTest.await(() -> childrenOfThisProcess() == 0);
    }
  }

  private static long childrenOfThisProcess() {
    return ProcessHandle.current().descendants().count();
  }

  static void assumeInstalled(Browser browser) {
    if (browser.engine() == ClientPortalConfig.Engine.CHROMIUM) {
      assumeTrue(
          Files.isExecutable(browser.binary()) && Files.isExecutable(browser.driver()),
          "not run: Debian's packages chromium and chromium-driver are not installed");
    }
  }
}
