package io.understudy.simulator.gateway;

import static io.understudy.simulator.gateway.World.PASSWORD;
import static io.understudy.simulator.gateway.World.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.NotFoundException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.htmlunit.HtmlUnitDriver;
import org.openqa.selenium.support.ui.Select;

/** The login page as browsers see it: HtmlUnit always, Chromium where it is installed. */
final class LoginPageTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");
  private static final List<String> BLOCKS =
      List.of(
          "username",
          "multiplesf",
          "silver",
          "gold",
          "bronze",
          "temp",
          "notification",
          "otpselector",
          "fido",
          "qrcode",
          "error",
          "finished");

  private World world;
  private World.Gateway gateway;
  private WebDriver browser;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new World(folder);
    gateway = world.gateway("a");
    browser = new HtmlUnitDriver(true);
  }

  @AfterEach
  void stop() {
    browser.quit();
    world.close();
  }

  private void open() {
    browser.get(gateway.address().resolve("/sso/Login?forwardTo=22&RL=1&ip2loc=US").toString());
  }

  private void variant(String name) {
    world.control("POST", "faults", "{\"kind\": \"page\", \"variant\": \"" + name + "\"}");
  }

  private void secondFactor(String kind) {
    world.control("POST", "users/" + USER, "{\"secondFactor\": {\"kind\": \"" + kind + "\"}}");
  }

  private WebElement element(String css) {
    return browser.findElement(By.cssSelector(css));
  }

  private boolean visible(String css) {
    return browser.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed);
  }

  /**
   * Waits for a condition of the page; one that changes while it is looked at does not hold yet.
   */
  private static void until(BooleanSupplier condition) {
    World.until(() -> {
      try {
        return condition.getAsBoolean();
      } catch (NotFoundException | StaleElementReferenceException _) {
        return false;
      }
    });
  }

  private List<String> visibleBlocks() {
    return BLOCKS.stream().filter(block -> visible("div.xyzblock-" + block)).toList();
  }

  private void submit(String password) {
    element("#xyz-field-username").sendKeys(USER);
    element("#xyz-field-password").sendKeys(password);
    element("form.xyzform-username button[type='submit']").click();
  }

  private void submitCode() {
    String code = world.code();
    until(() -> {
      WebElement field = element("#xyz-field-silver-response");
      boolean shown = field.isDisplayed();
      if (shown) {
        field.clear();
        field.sendKeys(code);
      }
      return shown;
    });
    element("form.xyzform-silver button[type='submit']").click();
  }

  private void assertLoggedIn() {
    until(() ->
        browser.findElements(By.tagName("body")).stream()
            .anyMatch(body -> body.getText().equals("Client login succeeds")));
    until(() -> gateway.status().path("authenticated").asBoolean());
    world.assertNoViolation();
  }

  @Test
  void aLoginWithAOneTimeCodeSucceeds() {
    open();
    submit(PASSWORD);
    submitCode();

    assertLoggedIn();
  }

  @Test
  void chromiumLogsInToo() {
    assumeTrue(Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER));
    browser.quit();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync");
    System.setProperty("webdriver.chrome.driver", CHROMEDRIVER.toString());
    browser = new ChromeDriver(options);
    open();
    submit(PASSWORD);
    submitCode();

    assertLoggedIn();
  }

  @Test
  void allBlocksStandInThePageAndOnlyTheFirstIsVisible() {
    open();

    assertThat(visibleBlocks()).containsExactly("username");
    for (String block : BLOCKS) {
      assertThat(browser.findElements(By.cssSelector("div.xyzblock-" + block))).hasSize(1);
    }
    assertThat(browser.findElements(By.cssSelector(".xyz-errormessage")))
        .hasSizeGreaterThan(3)
        .noneMatch(WebElement::isDisplayed);
  }

  @Test
  void aWrongPasswordShowsTheErrorBlock() {
    open();
    submit("wrong");

    until(() -> visible("div.xyzblock-error .xyz-errormessage"));
    assertThat(element("div.xyzblock-error .xyz-errormessage").getText())
        .isEqualTo("Invalid username password combination");
  }

  @Test
  void thePaperToggleIsBehindItsLabel() {
    world.control("POST", "users/" + USER, "{\"paper\": true}");
    open();
    assertThat(element("#toggle1").isDisplayed()).isFalse();

    element("label[for=toggle1]").click();

    assertThat(element("#toggle1").isSelected()).isTrue();
    assertThat(element("body").getAttribute("class")).contains("paper-trading");
    assertThat(element(".xyz-button-login").getText()).isEqualTo("Simulated Login");
    submit(PASSWORD);
    submitCode();
    assertLoggedIn();
  }

  @Test
  void theDeviceChooserIsASelectAfterWhichTheCodeFieldIsRenderedAgain() {
    world.control(
        "POST",
        "users/" + USER,
        "{\"secondFactor\": {\"kind\": \"device-chooser\","
            + " \"secret\": \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"}}");
    open();
    submit(PASSWORD);
    until(() -> visible("div.xyzblock-multiplesf"));

    new Select(element("select.xyz-multipleselect"))
        .selectByVisibleText("Mobile Authenticator App");
    submitCode();

    assertLoggedIn();
  }

  @Test
  void aPushIsFinishedByThePersonAtTheTelephone() {
    secondFactor("push");
    open();
    submit(PASSWORD);
    until(() -> visible("div.xyzblock-notification"));
    assertThat(element("div.xyzblock-notification").getText()).contains("sent you a notification");

    world.control("POST", "push/" + USER + "/approve", "");

    assertLoggedIn();
  }

  @Test
  void factorsThatNoProgramCanGiveHaveTheirBlocks() {
    secondFactor("passkey");
    open();
    submit(PASSWORD);
    until(() -> visibleBlocks().contains("fido"));

    variant("security-card");
    open();
    submit(PASSWORD);
    until(() -> visibleBlocks().contains("bronze"));
  }

  @Test
  void inTheTwoStepFormThePasswordFollowsTheUserName() {
    variant("two-step-form");
    open();
    assertThat(element("#xyz-field-password").isDisplayed()).isFalse();

    element("#xyz-field-username").sendKeys(USER);
    element(".xyzblock-username-submit button").click();
    element("#xyz-field-password").sendKeys(PASSWORD);
    element("form.xyzform-username button[type='submit']").click();
    submitCode();

    assertLoggedIn();
  }

  @Test
  void theOldPageHasTheOldName() {
    variant("v1-names");
    open();

    assertThat(browser.findElements(By.name("user_name"))).hasSize(1);
    assertThat(browser.findElements(By.name("username"))).isEmpty();
  }

  @Test
  void withStaleSelectorsNothingMatches() {
    variant("stale-selectors");
    open();

    assertThat(visibleBlocks()).isEmpty();
    assertThat(browser.findElements(By.name("username"))).isEmpty();
    assertThat(browser.findElements(By.name("password"))).isEmpty();
    assertThat(browser.findElements(By.cssSelector(".xyzform-username, .xyz-button-login")))
        .isEmpty();
    assertThat(visible("input[type=password]")).isTrue();
  }

  @Test
  void aSubmitThatComesTooEarlyIsRefusedByThePageAlone() {
    variant("submit-too-early");
    open();
    submit(PASSWORD);

    until(() -> visible("div.xyzblock-error"));
    assertThat(world.report().path("submissions").asInt()).isZero();
  }

  @Test
  void theCookieBannerCoversThePageUntilItIsAnswered() {
    variant("cookie-banner");
    open();
    until(() -> visible("#cookie-modal"));

    element("#btn_accept_cookies").click();

    assertThat(browser.findElements(By.cssSelector("#cookie-modal, .modal-backdrop"))).isEmpty();
  }
}
