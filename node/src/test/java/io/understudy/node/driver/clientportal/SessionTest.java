package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.core.account.AccountFigures;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.account.OrderCounts;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.gateway.LoginResult.Kind;
import io.understudy.node.spi.DriverException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session after its login: kept, lost, opened again, ended. */
@Timeout(120)
final class SessionTest {
  private static final Duration END = Duration.ofSeconds(8);

  @TempDir private Path folder;
  private PlayedIbkr ibkr;
  private ClientPortalDriver driver;

  @BeforeEach
  void startGateway() throws Exception {
    ibkr = PlayedIbkr.open(folder);
    driver = ibkr.driver();
    var _ = driver.start();
  }

  @AfterEach
  void fenceGateway() throws Exception {
    driver.fence(END);
    driver.close();
    ibkr.close();
  }

  @Test
  void takenSessionIsSeenAsCompetingAndTakenBackOnlyByReopen() throws Exception {
    logIn();
    ibkr.control("POST", "third-party-login/" + PlayedIbkr.USER, "{\"kind\": \"tws\"}");

    assertThat(driver.probe().session()).isEqualTo(SessionState.COMPETING);
    assertThat(driver.probe().session()).isEqualTo(SessionState.COMPETING);

    assertThat(driver.reopen(true).session()).isEqualTo(SessionState.ESTABLISHED);
    assertThat(driver.probe().usable()).isTrue();
  }

  @Test
  void silentIbkrIsUnknownAndTheGatewayCanStillBeFenced() throws Exception {
    logIn();
    ibkr.fault("{\"kind\": \"hang\"}");

    assertThat(driver.probe().process()).isEqualTo(ProcessState.LISTENING);
    assertThat(driver.probe().session()).isEqualTo(SessionState.UNKNOWN);
    assertThatThrownBy(() -> driver.reopen(true))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("no answer within");

    long before = System.nanoTime();
    driver.fence(END);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    assertThat(driver.probe().harmless()).isTrue();
  }

  @Test
  void logoutThatIbkrDoesNotConfirmSaysSoAndLeavesNoGateway() throws Exception {
    logIn();
    ibkr.fault("{\"kind\": \"hang\"}");

    assertThatThrownBy(() -> driver.logout(END))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("did not confirm the logout")
        .hasMessageContaining("cleared and ended");
    assertThat(driver.probe().process()).isEqualTo(ProcessState.STOPPED);
  }

  @Test
  void serverErrorsAreUnknown() throws Exception {
    logIn();
    ibkr.fault("{\"kind\": \"status\", \"status\": 503, \"path\": \"/iserver/auth/status\"}");
    ibkr.fault("{\"kind\": \"status\", \"status\": 503, \"path\": \"/tickle\"}");

    assertThat(driver.probe().session()).isEqualTo(SessionState.UNKNOWN);
    assertThat(driver.probe().detail()).contains("503");
  }

  @Test
  void gatewayThatHangsIsStartingAndUnknownAndStartsAnew() throws Exception {
    logIn();
    String source = ibkr.stateDirectory().resolve("client-portal/live/run").toRealPath().toString();
    ibkr.control("POST", "gateways", "{\"source\": \"" + source + "\", \"fault\": \"hang\"}");

    assertThat(driver.probe().process()).isEqualTo(ProcessState.STARTING);
    assertThat(driver.probe().session()).isEqualTo(SessionState.UNKNOWN);

    assertThat(driver.start().session()).isEqualTo(SessionState.LOGGED_OUT);
    assertThat(driver.probe().process()).isEqualTo(ProcessState.LISTENING);
  }

  @Test
  void gatewayThatDiedIsStoppedAndStartsAgain() throws Exception {
    logIn();
    String source = ibkr.stateDirectory().resolve("client-portal/live/run").toRealPath().toString();
    ibkr.control("POST", "gateways", "{\"source\": \"" + source + "\", \"fault\": \"exit 3\"}");
    GatewayProcessTest.await(() -> driver.probe().process() == ProcessState.STOPPED);
    assertThat(driver.probe().detail()).contains("ended with 3");

    assertThat(driver.start().session()).isEqualTo(SessionState.LOGGED_OUT);
  }

  @Test
  void loginThatLeadsToNoBrokerageSessionIsNotEstablished() throws Exception {
    ibkr.fault("{\"kind\": \"never-authenticated\"}");
    assertThat(submit().kind()).isEqualTo(Kind.SUBMITTED);

    assertThat(driver.probe().session()).isEqualTo(SessionState.NOT_ESTABLISHED);
  }

  @Test
  void loginAfterWhichEveryCallIsRefusedIsLoggedOut() throws Exception {
    ibkr.fault("{\"kind\": \"login-then-401\"}");
    assertThat(submit().kind()).isEqualTo(Kind.SUBMITTED);

    assertThat(driver.probe().session()).isEqualTo(SessionState.LOGGED_OUT);
    assertThat(driver.reopen(true).session()).isEqualTo(SessionState.LOGGED_OUT);
  }

  @Test
  void positionsOfManyPagesAreAllRead() throws Exception {
    logIn();
    ibkr.fault("{\"kind\": \"small-pages\"}");
    StringBuilder rows = new StringBuilder("[");
    for (int row = 1; row <= 95; row++) {
      rows.append(row == 1 ? "" : ",")
          .append("{\"conid\": ")
          .append(1000 + row)
          .append(", \"position\": \"")
          .append(row)
          .append(".5\"}");
    }
    ibkr.positions(rows.append("]").toString());

    assertThat(driver.positions()).hasSize(95);

    ibkr.positions("[]");
    assertThat(driver.positions()).as("read anew, not from a cache").isEmpty();
  }

  @Test
  void theAccountIsReadAfterAReconciliationWithinWhatIbkrAllows() throws Exception {
    logIn();
    ibkr.user("{\"cash\": {\"" + PlayedIbkr.ACCOUNT + "\": \"1000.50\"}}");
    ibkr.user("{\"orders\": [{\"orderId\": 1, \"status\": \"Submitted\"}]}");
    ibkr.positions(
        "[" + position("1", "10", "20", "USD") + "," + position("2", "-5", "10", "USD") + "]");
    assertThatThrownBy(() -> driver.account(() -> true))
        .hasMessageContaining("by a reconciliation");

    ibkr.fault("{\"kind\": \"pacing\", \"perSecond\": 100}");
    assertThat(driver.positions()).hasSize(2);
    AccountReading first = driver.account(() -> true);
    assertThat(ibkr.report().path("pacingAnswers").asInt()).isZero();
    assertThat(first.ordersKnown()).as("the first answer only makes IBKR load them").isFalse();
    AccountFigures figures = first.accounts().getFirst();
    assertThat(figures.account()).isEqualTo(PlayedIbkr.ACCOUNT);
    assertThat(figures.currency()).isEqualTo("USD");
    assertThat(figures.netLiquidation()).isEqualByComparingTo("1150.50");
    assertThat(figures.grossExposure().orElseThrow()).isEqualByComparingTo("250");
    assertThat(figures.netExposure().orElseThrow()).isEqualByComparingTo("150");

    ibkr.noFaults();
    assertThat(driver.account(() -> true).ordersKnown()).isTrue();
    ibkr.user(
        "{\"orders\": [{\"orderId\": 1, \"status\": \"Filled\"},"
            + " {\"orderId\": 2, \"status\": \"Inactive\"}]}");
    assertThat(driver.account(() -> true).orders()).isEqualTo(new OrderCounts(1, 1, 1));

    ibkr.positions("[" + position("1", "10", "20", "EUR") + "]");
    var _ = driver.positions();
    assertThat(driver.account(() -> true).accounts().getFirst().grossExposure())
        .as("euros are no dollars")
        .isEmpty();
  }

  private static String position(String conid, String quantity, String price, String currency) {
    return "{\"conid\": %s, \"position\": \"%s\", \"mktPrice\": \"%s\", \"currency\": \"%s\"}"
        .formatted(conid, quantity, price, currency);
  }

  @Test
  void paperAccountIsRefusedWhereLiveIsConfigured() throws Exception {
    logIn();
    ibkr.user("{\"paper\": true}");

    assertThatThrownBy(driver::positions)
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("paper account and live is configured");
  }

  @Test
  void positionsWithoutASessionAreRefused() {
    assertThatThrownBy(driver::positions)
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("401");
  }

  private LoginResult submit() {
    return driver.login(LoginTest.PERMIT, new PlayedConversation(ibkr.freshCode()));
  }

  private void logIn() {
    LoginResult result = submit();
    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
    GatewayProcessTest.await(() -> driver.probe().usable());
  }
}
