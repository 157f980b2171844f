package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.ClientPortalConfig.Browser;
import io.understudy.node.config.ClientPortalConfig.Engine;
import io.understudy.node.config.GatewayConfig.Mode;
import io.understudy.node.config.PageElement;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.gateway.LoginResult.Kind;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Every variant of the login page, every refusal; one gateway program for all of them. */
@Timeout(120)
final class LoginPageTest {
  private static final String WRONG_CODE = "000000";

  @TempDir private static Path folder;
  private static PlayedIbkr ibkr;
  private static GatewayHost host;
  private static GatewayHost.Running gateway;

  private final Cuts cuts = new Cuts();
  private final AtomicBoolean submitted = new AtomicBoolean();
  private final int submissionsBefore = count("submissions");
  private final int codesBefore = count("codeSubmissions");

  @BeforeAll
  static void startGateway() throws Exception {
    ibkr = PlayedIbkr.open(folder);
    host = new GatewayHost(ibkr.settings(), new RunDirectory(ibkr.settings()));
    gateway = host.start(new Cuts().begin());
  }

  @AfterAll
  static void endGateway() throws Exception {
    host.end(Countdown.of(Duration.ofSeconds(5)));
    ibkr.close();
  }

  @AfterEach
  void forgetEverything() throws Exception {
    ibkr.noFaults();
    ibkr.user("{\"unlock\": true, \"resetBudget\": true}");
    var _ = gateway.calls().get("/clear", Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-step-form", "v1-names", "cookie-banner", "device-chooser"})
  void variantsOfThePageAreMastered(String variant) throws Exception {
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"" + variant + "\"}");

    LoginResult result = login(change -> change, new PlayedConversation(ibkr.freshCode()));

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
    assertThat(submissions()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-step-form", "cookie-banner", "device-chooser"})
  void variantsOfThePageAreMasteredByChromium(String variant) throws Exception {
    LoginTest.assumeInstalled(PlayedIbkr.CHROMIUM);
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"" + variant + "\"}");

    LoginResult result =
        login(
            change ->
                change.browser(PlayedIbkr.CHROMIUM).timings(preSubmit(Duration.ofMillis(600))),
            new PlayedConversation(ibkr.freshCode()));

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
    assertThat(submissions()).isEqualTo(1);
  }

  @Test
  void submissionThatComesTooEarlyForThePageLooksLikeAWrongPassword() throws Exception {
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"submit-too-early\"}");

    assertThat(login(change -> change, new PlayedConversation()).kind())
        .isEqualTo(Kind.CREDENTIALS_REFUSED);
    assertThat(submissions()).as("the page itself refused").isZero();

    LoginResult patient =
        login(
            change -> change.timings(preSubmit(Duration.ofSeconds(5))),
            new PlayedConversation(ibkr.freshCode()));
    assertThat(patient.kind()).as(patient.detail()).isEqualTo(Kind.SUBMITTED);
  }

  @Test
  void changedPageIsDescribedInABundleAndNothingIsSubmitted() throws Exception {
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"stale-selectors\"}");

    LoginResult result = login(change -> change.timings(shortPage()), new PlayedConversation());

    assertThat(result.kind()).isEqualTo(Kind.PAGE_UNRECOGNISED);
    assertThat(result.detail()).contains("correct gateway.selectors");
    assertThat(submissions()).isZero();
    assertThat(submitted).isFalse();
    Path bundle = bundleOf(result);
    assertThat(bundle.resolve("elements.txt")).content().contains("new-login");
    assertThat(bundle.resolve("page.txt")).content().contains("Simulated broker");
  }

  @Test
  void configuredSelectorsReplaceTheKnownOnes() throws Exception {
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"stale-selectors\"}");
    ImmutableMap<PageElement, ImmutableList<String>> selectors =
        ImmutableMap.of(
            PageElement.USERNAME, ImmutableList.of("#gone", "#new-login"),
            PageElement.PASSWORD, ImmutableList.of("not [ valid", "#new-secret"),
            PageElement.SUBMIT, ImmutableList.of("button.new-go"));

    LoginResult result =
        login(change -> change.selectors(selectors), new PlayedConversation(ibkr.freshCode()));

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
  }

  @Test
  void notificationIsWaitedForUntilItIsConfirmed() throws Exception {
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"push\"}");
    PlayedConversation conversation = new PlayedConversation();
    CompletableFuture<LoginResult> login =
        CompletableFuture.supplyAsync(() ->
            login(
                change -> change.secondFactor(SecondFactorKind.PUSH).timings(longPush()),
                conversation));
    GatewayProcessTest.await(
        () -> conversation.sentences().stream().anyMatch(line -> line.contains("notification")));

    ibkr.control("POST", "push/" + PlayedIbkr.USER + "/approve", "");

    assertThat(login.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Kind.SUBMITTED);
  }

  @Test
  void notificationThatNobodyConfirmsIsMissed() throws Exception {
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"push\"}");

    LoginResult result =
        login(change -> change.secondFactor(SecondFactorKind.PUSH), new PlayedConversation());

    assertThat(result.kind()).isEqualTo(Kind.SECOND_FACTOR_MISSED);
  }

  @ParameterizedTest
  @CsvSource({
    "push, TOTP",
    "security-card, TOTP",
    "security-card, OPERATOR",
    "passkey, TOTP",
    "qr, TOTP",
    "cookie-banner, NONE",
    "cookie-banner, PUSH"
  })
  void factorThatIsNotTheConfiguredOneIsUnsupported(String variant, SecondFactorKind kind)
      throws Exception {
    ibkr.fault("{\"kind\": \"page\", \"variant\": \"" + variant + "\"}");

    LoginResult result =
        login(change -> change.secondFactor(kind), new PlayedConversation(WRONG_CODE));

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.FACTOR_UNSUPPORTED);
    assertThat(codes()).isZero();
  }

  @Test
  void usernameWithoutSecondFactorLogsIn() throws Exception {
    ibkr.user("{\"secondFactor\": {\"kind\": \"none\"}}");
    try {
      LoginResult result =
          login(change -> change.secondFactor(SecondFactorKind.NONE), new PlayedConversation());

      assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
    } finally {
      ibkr.user(PlayedIbkr.SECOND_FACTOR);
    }
  }

  @Test
  void wrongPasswordIsRefusedAfterOneSubmission() {
    LoginResult result =
        login(
            change -> change.password(() -> Secret.of("wrong")),
            new PlayedConversation(ibkr.freshCode()));

    assertThat(result.kind()).isEqualTo(Kind.CREDENTIALS_REFUSED);
    assertThat(submissions()).isEqualTo(1);
    assertThat(codes()).isZero();
  }

  @Test
  void refusedCodeIsFollowedByTheNextOneThatTheConversationGrants() {
    LoginResult result =
        login(change -> change, new PlayedConversation(WRONG_CODE, ibkr.codeOfTheNextStep()));

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
    assertThat(codes()).isEqualTo(2);
    assertThat(submissions()).isEqualTo(1);
  }

  @Test
  void refusedCodeIsTheResultWhenNoFurtherOneIsGranted() {
    LoginResult result = login(change -> change, new PlayedConversation(WRONG_CODE));

    assertThat(result.kind()).isEqualTo(Kind.CODE_REFUSED);
    assertThat(codes()).isEqualTo(1);
  }

  @Test
  void twoRefusedCodesAreBothNoticed() {
    LoginResult result = login(change -> change, new PlayedConversation(WRONG_CODE, "111111"));

    assertThat(result.kind()).isEqualTo(Kind.CODE_REFUSED);
    assertThat(codes()).isEqualTo(2);
  }

  @Test
  void lockNamesItsEnd() throws Exception {
    ibkr.user("{\"lockedUntil\": \"2099-01-31T12:00:00Z\"}");

    LoginResult result = login(change -> change, new PlayedConversation());

    assertThat(result.kind()).isEqualTo(Kind.LOCKED_OUT);
    assertThat(result.lockedUntil()).contains(Instant.parse("2099-01-31T12:00:00Z"));
  }

  @Test
  void wrongModeIsSaid() {
    LoginResult result = login(change -> change.mode(Mode.PAPER), new PlayedConversation());

    assertThat(result.kind()).isEqualTo(Kind.WRONG_MODE);
    assertThat(submissions()).isEqualTo(1);
  }

  @Test
  void paperUsernameLogsInThroughTheToggle() throws Exception {
    ibkr.user("{\"paper\": true}");
    try {
      LoginResult result =
          login(change -> change.mode(Mode.PAPER), new PlayedConversation(ibkr.freshCode()));

      assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.SUBMITTED);
    } finally {
      ibkr.user("{\"paper\": false}");
    }
  }

  @Test
  void maintenanceIsNoRefusal() throws Exception {
    ibkr.fault("{\"kind\": \"maintenance\"}");

    assertThat(login(change -> change, new PlayedConversation()).kind()).isEqualTo(Kind.NO_ANSWER);
  }

  @Test
  void nothingIsSubmittedWithoutEntitlement() {
    LoginResult result =
        login(change -> change, new PlayedConversation(ibkr.freshCode()).entitledFor(0));

    assertThat(result.kind()).isEqualTo(Kind.ABANDONED);
    assertThat(result.detail()).isEqualTo("The lease has ended");
    assertThat(submissions()).isZero();
    assertThat(submitted).isFalse();
  }

  @Test
  void noCodeIsSubmittedWithoutEntitlement() {
    LoginResult result =
        login(change -> change, new PlayedConversation(ibkr.freshCode()).entitledFor(1));

    assertThat(result.kind()).isEqualTo(Kind.NO_ANSWER);
    assertThat(submissions()).isEqualTo(1);
    assertThat(codes()).isZero();
  }

  @Test
  void pageThatNeverComesIsNotLoaded() throws Exception {
    ibkr.fault("{\"kind\": \"hang\"}");

    LoginResult result = login(change -> change.timings(shortPage()), new PlayedConversation());

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.PAGE_NOT_LOADED);
  }

  @Test
  void awayIbkrIsNotAChangedPage() throws Exception {
    ibkr.fault(
        "{\"kind\": \"status\", \"path\": \"/sso/Login\", \"status\": 503,"
            + " \"body\": \"servers not ready\"}");

    LoginResult result = login(change -> change.timings(shortPage()), new PlayedConversation());

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.PAGE_NOT_LOADED);
  }

  @Test
  void unreadableSecretIsALocalFailure() {
    LoginResult result =
        login(
            change ->
                change.password(() -> {
                  throw DriverException.permanentError("pw: no such file");
                }),
            new PlayedConversation());

    assertThat(result.kind()).isEqualTo(Kind.LOCAL_FAILURE);
    assertThat(result.detail()).isEqualTo("pw: no such file");
  }

  @Test
  void missingBrowserIsALocalFailure() {
    Browser nowhere =
        new Browser(Engine.CHROMIUM, Path.of("/nonexistent/chromium"), Path.of("/usr/bin/true"));

    LoginResult result = login(change -> change.browser(nowhere), new PlayedConversation());

    assertThat(result.kind()).isEqualTo(Kind.LOCAL_FAILURE);
    assertThat(result.detail()).contains("/nonexistent/chromium").contains("browser.binary");
  }

  static Stream<Browser> browsers() {
    return Stream.of(PlayedIbkr.HTMLUNIT, PlayedIbkr.CHROMIUM);
  }

  @ParameterizedTest
  @MethodSource("browsers")
  void bundleLogsAndSentencesHoldNoSecret(Browser browser) throws Exception {
    LoginTest.assumeInstalled(browser);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    root.setLevel(Level.TRACE);
    root.addAppender(log);
    String code = ibkr.freshCode();
    PlayedConversation conversation =
        new PlayedConversation(code).beforeCode(LoginPageTest::silenceTheLoginService);
    LoginResult result;
    try {
      result = login(change -> change.browser(browser), conversation);
    } finally {
      root.detachAppender(log);
      root.setLevel(level);
    }

    assertThat(result.kind()).as(result.detail()).isEqualTo(Kind.NO_ANSWER);
    assertThat(conversation.checks()).as("the code was submitted").isEqualTo(2);
    StringBuilder said = new StringBuilder(result.detail()).append(conversation.sentences());
    for (ILoggingEvent event : List.copyOf(log.list)) {
      said.append(event.getFormattedMessage()).append(event.getThrowableProxy());
    }
    try (Stream<Path> files = Files.list(bundleOf(result))) {
      for (Path file : files.toList()) {
        said.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(said.toString()).doesNotContain(code);
    PlayedIbkr.secrets().forEach(secret -> assertThat(said.toString()).doesNotContain(secret));
    assertThat(bundleOf(result).resolve("page.txt")).content().doesNotContain(PlayedIbkr.USER);
    assertThat(bundleOf(result).resolve("elements.txt")).content().doesNotContain(PlayedIbkr.USER);
  }

  private LoginResult login(UnaryOperator<SettingsChange> change, PlayedConversation conversation) {
    ClientPortalSettings settings = change.apply(new SettingsChange(ibkr.settings())).settings();
    Clock clock = Clock.systemUTC();
    return new LoginRunner(
            settings, new RunDirectory(settings), clock, new BrokerClock(clock), new Turns())
        .run(gateway, conversation, cuts.begin(), () -> submitted.set(true));
  }

  private static void silenceTheLoginService() {
    try {
      ibkr.fault("{\"kind\": \"hang\", \"path\": \"/sso/Authenticator\"}");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private int submissions() {
    return count("submissions") - submissionsBefore;
  }

  private int codes() {
    return count("codeSubmissions") - codesBefore;
  }

  private static int count(String counter) {
    return ibkr.report().path(counter).asInt();
  }

  private static Path bundleOf(LoginResult result) throws IOException {
    Optional<Path> bundle =
        result
            .detail()
            .lines()
            .findFirst()
            .map(line -> line.substring(line.lastIndexOf('/') + 1))
            .map(name -> new RunDirectory(ibkr.settings()).diagnosis().resolve(name));
    assertThat(bundle).hasValueSatisfying(path -> assertThat(path).isDirectory());
    return bundle.orElseThrow(IOException::new);
  }

  private static ClientPortalSettings.Timings preSubmit(Duration value) {
    return timings(PlayedIbkr.quick().page(), value, PlayedIbkr.quick().push());
  }

  private static ClientPortalSettings.Timings shortPage() {
    return timings(Duration.ofSeconds(2), Duration.ZERO, PlayedIbkr.quick().push());
  }

  private static ClientPortalSettings.Timings longPush() {
    return timings(PlayedIbkr.quick().page(), Duration.ZERO, Duration.ofSeconds(20));
  }

  private static ClientPortalSettings.Timings timings(
      Duration page, Duration preSubmit, Duration push) {
    ClientPortalSettings.Timings quick = PlayedIbkr.quick();
    return new ClientPortalSettings.Timings(
        quick.start(),
        quick.localCall(),
        quick.call(),
        quick.tickleEvery(),
        quick.validateEvery(),
        quick.ordersPause(),
        quick.logoutCall(),
        quick.terminateGrace(),
        quick.reopen(),
        page,
        preSubmit,
        quick.answer(),
        quick.code(),
        push,
        quick.login());
  }
}
