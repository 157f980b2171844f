package io.understudy.node.page;

import static io.understudy.node.spi.Eventually.eventually;
import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginAttempt.Verdict;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.node.spi.Secret;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/**
 * The page as a person meets it. With {@code -Dunderstudy.pictures=DIRECTORY} it draws the pictures
 * of docs/status-page.md anew.
 */
class StatusPageInChromiumTest {
  private static final Optional<Path> PICTURES =
      Optional.ofNullable(System.getProperty("understudy.pictures")).map(Path::of);

  private static final String SUBMITTED =
      "SUBMITTED: the gateway accepted the credentials and the code";

  @TempDir private Path folder;
  private final ClusterScript cluster = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(cluster.status());
  private final List<HistoryEntry> lines = new ArrayList<>();
  private OpenPage page;
  private ViewersBrowser browser;

  @BeforeEach
  void open() throws Exception {
    ViewersBrowser.assumeInstalled();
    cluster.servers(
        new ServerView("10.77.0.1:2281", true, "follower"),
        new ServerView("10.77.0.2:2281", true, "leader"),
        new ServerView("10.77.0.3:2281", true, "follower"));
    cluster.peer(answering(true));
    page = new OpenPage(folder, control);
    browser = ViewersBrowser.start(page.own);
  }

  @AfterEach
  void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (page != null) {
      page.close();
    }
  }

  private PeerView answering(boolean answers) {
    return new PeerView(
        B,
        answers,
        cluster.now(),
        Optional.of(Duration.ofNanos(11_400_000)),
        Optional.of(Duration.ofMillis(-3)),
        Optional.of(Duration.ofSeconds(74)),
        Optional.of("0.1.0"),
        ImmutableList.of());
  }

  private void publish() {
    control.publish(cluster.status());
  }

  private void line(NodeId node, long epoch, String kind, String actor, String sentence) {
    lines.addFirst(new HistoryEntry(cluster.now(), node, new Epoch(epoch), kind, actor, sentence));
    control.history(ImmutableList.copyOf(lines));
  }

  private void enters(Duration after, NodeId node, Phase phase, long epoch, String why) {
    cluster.after(after).cell(node, phase, epoch).reason(node, "Is" + phase, why);
    publish();
  }

  /** The leader serves since yesterday, and the other one stands by. */
  private void yesterday(NodeId leader, NodeId other) {
    line(leader, 0, "Command", "anna", "login: start of the week");
    cluster.after(Duration.ofSeconds(2)).elected(leader, other).claimed(1);
    line(leader, 1, "Claimed", leader.value(), "claimed epoch 1");
    cluster.after(Duration.ofSeconds(21));
    line(leader, 1, "Login", leader.value(), SUBMITTED);
    cluster.ledger(
        LoginLedger.EMPTY
            .withAttempt(new LoginAttempt("1", leader, new Epoch(1), cluster.now(), Verdict.OPEN))
            .withVerdict("1", Verdict.SUCCEEDED, cluster.now()));
    cluster.after(Duration.ofSeconds(1)).custody(leader, 1);
    line(leader, 1, "Serving", leader.value(), "holds the lease, epoch 1, serving");
    cluster
        .cell(leader, Phase.SERVING, 1)
        .reason(leader, "Serving", "holds the lease, epoch 1, serving")
        .reconciled(leader, new ReconciliationReport(14, ImmutableList.of(), 0, -1))
        .cell(other, Phase.STANDBY, 0)
        .reason(other, "Standby", "standby, node " + leader + " leads");
    cluster.after(Duration.ofHours(20));
    line(leader, 1, "Command", "anna", "reconcile: daily check");
    cluster.after(Duration.ofMinutes(47));
    publish();
  }

  /** Node b is lost, and a is on its way. */
  private void aTakesOver() {
    cluster.gone(B).peer(answering(false)).elected(A).claimed(2).custody(A, 2);
    enters(Duration.ofSeconds(6), A, Phase.CLAIMING, 0, "elected, claims epoch 2");
    line(A, 2, "Claimed", "a", "claimed epoch 2");
    enters(
        Duration.ofMillis(34), A, Phase.FENCING, 2, "claimed epoch 2, makes sure that b stopped");
    enters(Duration.ofMillis(310), A, Phase.LOGGING_IN, 2, "logs in, epoch 2");
    cluster.after(Duration.ofMillis(2_300)).loginSays("Submitting the one-time code");
    publish();
  }

  private void aServes() {
    enters(Duration.ofMillis(540), A, Phase.VERIFYING, 2, "waits for the brokerage session");
    line(A, 2, "Login", "a", SUBMITTED);
    enters(Duration.ofMillis(420), A, Phase.RECONCILING, 2, "compares positions");
    enters(Duration.ofMillis(180), A, Phase.SERVING, 2, "holds the lease, epoch 2, serving");
    cluster.reconciled(A, new ReconciliationReport(14, ImmutableList.of(), 0, -1));
    line(A, 2, "Serving", "a", "holds the lease, epoch 2, serving");
    publish();
  }

  private void signIn() {
    browser.driver.get(page.at("/").toString());
    assertThat(browser.text("sentence")).contains("viewer token is needed");
    assertThat(problems()).isEmpty();
    browser.driver.findElement(By.id("token")).sendKeys(OpenPage.TOKEN, Keys.ENTER);
    eventually("the picture", () -> browser.text("verdict").contains("serves"));
    eventually("the timeline", () -> browser.text("timeline").contains("Serving"));
  }

  @SuppressWarnings("unchecked")
  private List<String> problems() {
    return (List<String>) Objects.requireNonNull(browser.driver.executeScript(script()));
  }

  private static String script() {
    try {
      return Resources.toString(
          Resources.getResource(StatusPageInChromiumTest.class, "accessible.js"),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void keep(String name) throws Exception {
    if (PICTURES.isPresent()) {
      Path _ = Files.createDirectories(PICTURES.get());
      Path _ = Files.write(PICTURES.get().resolve(name + ".png"), browser.picture());
    }
  }

  @Test
  void aViewerFollowsATakeoverLive() throws Exception {
    yesterday(B, A);
    signIn();
    assertThat(browser.text("verdict")).isEqualTo("b serves live");
    assertThat(browser.text("drills-none")).startsWith("None yet.");
    assertThat(browser.text("nodes")).contains("round trip 11.4 ms, clock 3 ms behind");
    assertThat(browser.text("servers")).contains("10.77.0.2:2281 leader");
    assertThat(browser.text("gateways")).contains("14 compared on b, none differs");
    assertThat(browser.driver.getTitle()).isEqualTo("● demo: b serves live");

    aTakesOver();
    eventually("the phase", () -> browser.text("verdict").contains("a logs in: live"));
    eventually("the takeover", () -> browser.text("takeovers").contains("a takes over live"));
    eventually("the line", () -> browser.text("timeline").contains("claimed epoch 2"));
    assertThat(browser.text("takeovers")).contains("claim 34 ms", "fence 0.3 s", "former leader");
    assertThat(browser.text("attention")).contains("b the node has no record in coordination");
    eventually("the ages", () -> browser.text("gateways").contains("for 2 s"));
    browser.prefers("dark", "reduce");
    assertThat(problems()).isEmpty();
    assertThat(browser.driver.executeScript("return document.getAnimations().length"))
        .as("nothing moves for those who do not want it")
        .isEqualTo(0L);
    browser.screen(1280, 720);
    keep("takeover-dark");

    aServes();
    eventually("service", () -> browser.text("verdict").startsWith("a serves live"));
    eventually("the whole", () -> browser.text("takeovers").contains("reconcile 0.2 s"));
    eventually("the news", () -> browser.text("news").contains("a: holds the lease, epoch 2"));

    assertThat(browser.complaints())
        .as("what Chromium refused or missed, but for the sign-in page's own status")
        .allMatch(complaint -> complaint.contains("401"));
    Object elsewhere =
        browser.driver.executeScript(
            "return performance.getEntriesByType('resource').map(e => e.name)"
                + ".filter(name => !name.startsWith(location.origin))");
    assertThat(elsewhere).isEqualTo(List.of());
  }

  @Test
  void aPhoneAtNightIsTold() throws Exception {
    yesterday(A, B);
    signIn();
    browser.prefers("light", "reduce");
    browser.screen(1280, 720);
    cluster.after(Duration.ofSeconds(1));
    publish();
    assertThat(problems()).isEmpty();
    keep("calm-light");

    cluster
        .cell(A, Phase.NEEDS_OPERATOR, 1)
        .reason(
            A,
            "PositionsDiffer",
            "1 of 14 positions differ from what is expected (265598-2c17a7): the gate stays shut"
                + " until reconcile passes or an operator accepts them")
        .reconciled(
            A,
            new ReconciliationReport(
                14,
                ImmutableList.of(
                    new Discrepancy(
                        "265598-2c17a7",
                        "U7654321",
                        "265598",
                        "STK",
                        new BigDecimal("100"),
                        new BigDecimal("90"),
                        BigDecimal.ZERO)),
                0,
                -1));
    line(A, 1, "PositionsDiffer", "a", "1 of 14 positions differ (265598-2c17a7)");
    publish();
    browser.screen(360, 760);
    for (String scheme : ImmutableList.of("dark", "light")) {
      browser.prefers(scheme, "reduce");
      eventually("a person", () -> browser.text("verdict").equals("live needs a person: a"));
      eventually("the line", () -> browser.text("timeline").contains("PositionsDiffer"));
      assertThat(problems()).as(scheme).isEmpty();
      if (scheme.equals("dark")) {
        keep("phone-dark");
      }
    }
  }

  @Test
  void theKeyboardReachesEverythingAndALostTokenEndsTheView() {
    yesterday(A, B);
    signIn();
    browser.driver.switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(browser.driver.switchTo().activeElement().getText()).startsWith("Skip to");
    browser.driver.switchTo().activeElement().sendKeys(Keys.ENTER);
    assertThat(browser.driver.executeScript("return document.activeElement.id")).isEqualTo("main");
    browser.driver.switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(browser.driver.switchTo().activeElement().getText()).isEqualTo("Sign out");

    page.token.set(Optional.of(Secret.of("another-token-of-viewers-as-long")));
    eventually("the form again", () -> !browser.driver.findElements(By.id("token")).isEmpty());
    browser.driver.findElement(By.id("token")).sendKeys(OpenPage.TOKEN, Keys.ENTER);
    eventually(
        "the refusal",
        () -> browser.text("sentence").equals("This is not the viewer token of this node"));
  }
}
