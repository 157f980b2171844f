package io.understudy.node.driver.clientportal;

import io.understudy.node.config.GatewayConfig.Mode;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.gateway.LoginResult.Kind;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Timings;
import io.understudy.node.driver.clientportal.GatewayHost.Running;
import io.understudy.node.spi.LoginConversation;
import io.understudy.node.spi.LoginConversation.LoginAbandoned;
import io.understudy.node.spi.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriverException;

/**
 * One login on the page, from opening it to the first conclusive sign. Used once, by one thread.
 *
 * <p>Credentials are submitted at most once, codes as often as the conversation hands them out.
 * What the page says counts as failure when its words are known, and as success only for the time
 * being: the gateway's status, which is asked meanwhile as well, has the last word.
 */
final class LoginProcedure {
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration STATUS_EVERY = Duration.ofSeconds(1);
  private static final Duration STATUS_MAX = Duration.ofMillis(1500);

  /** A refusal that looks like the one before is believed after this time. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  /** From getting a code to its submission: it was granted with little more than this left. */
  private static final Duration CODE_TYPED_MAX = Duration.ofSeconds(3);

  private static final int LOOKS_FAILED_MAX = 10;
  private static final String LOGIN_PATH = "/sso/Login?forwardTo=22&RL=1&ip2loc=on";

  private final ClientPortalSettings settings;
  private final Timings timings;
  private final Running gateway;
  private final LoginBrowser browser;
  private final LoginPage page;
  private final LoginConversation conversation;
  private final Cuts.Work work;
  private final Runnable onSubmit;
  private final InstantSource clock;
  private final BrokerClock brokerClock;
  private final DiagnosisBundle diagnosis;
  private final Pace statusPace = new Pace(STATUS_EVERY);
  private final Countdown whole;

  private String usernameForMasking = "";
  private boolean submitted;
  private boolean deviceChosen;
  private int codesSubmitted;
  private int looksFailed;

  LoginProcedure(
      ClientPortalSettings settings,
      Running gateway,
      LoginBrowser browser,
      LoginConversation conversation,
      Cuts.Work work,
      Runnable onSubmit,
      InstantSource clock,
      BrokerClock brokerClock,
      DiagnosisBundle diagnosis) {
    this.settings = settings;
    this.timings = settings.timings();
    this.whole = Countdown.of(timings.login());
    this.gateway = gateway;
    this.browser = browser;
    this.page = new LoginPage(browser.driver(), settings::selectors);
    this.conversation = conversation;
    this.work = work;
    this.onSubmit = onSubmit;
    this.clock = clock;
    this.brokerClock = brokerClock;
    this.diagnosis = diagnosis;
  }

  LoginResult run(Secret username, Secret password) {
    usernameForMasking = username.reveal().strip();
    try {
      Optional<LoginResult> failed = compareClocks();
      if (failed.isEmpty()) {
        failed = openForm();
      }
      if (failed.isEmpty()) {
        failed = fillIn(password);
      }
      if (failed.isEmpty()) {
        failed = submit();
      }
      return failed.isPresent() ? failed.get() : awaitOutcome();
    } catch (LoginAbandoned e) {
      return abandoned(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Browsers fail in more ways than their interface names; the login's verdict must be known
      // whatever happened.
      if (work.isCut()) {
        return abandoned("The login was cut short by a fence");
      }
      if (submitted && sessionIsUp()) {
        return success();
      }
      // The message could repeat what was typed.
      String what = "The browser failed (" + e.getClass().getSimpleName() + ")";
      return submitted
          ? LoginResult.of(Kind.NO_ANSWER, what + " after the credentials were submitted")
          : LoginResult.of(Kind.LOCAL_FAILURE, what + " before anything was submitted");
    }
  }

  /**
   * Gives up while codes of our clock would be refused by IBKR's. Asks before the page is opened,
   * which must be the last one that was fetched; an answer without a clock says nothing.
   */
  private Optional<LoginResult> compareClocks() {
    if (settings.secondFactor() != SecondFactorKind.TOTP) {
      return Optional.empty();
    }
    Instant before = clock.instant();
    return brokerClock
        .note(gateway.calls().get(LOGIN_PATH, timings.call()), before)
        .filter(offset -> offset.abs().compareTo(settings.clockSkewMax()) > 0)
        .map(offset ->
            result(
                Kind.ABANDONED,
                "The clock of this machine is %d s %s IBKR's, so one-time codes would be refused: set the clock"
                    .formatted(
                        offset.abs().toSeconds(), offset.isNegative() ? "ahead of" : "behind")));
  }

  /** Opens the page and waits for its form. */
  private Optional<LoginResult> openForm() throws LoginAbandoned {
    conversation.progress("Opening the login page");
    try {
      page.open("https://localhost:" + settings.port() + LOGIN_PATH);
    } catch (WebDriverException e) {
      if (work.isCut()) {
        throw e;
      }
      return notLoaded("no answer within " + timings.page().toSeconds() + " s");
    }
    Countdown deadline = Countdown.of(timings.page());
    while (!page.showsUsernameField()) {
      if (page.saysSuccess()) {
        onSubmit.run();
        return Optional.of(LoginResult.of(Kind.SUBMITTED, "The page said success at once"));
      }
      if (deadline.isOver()) {
        return Optional.of(formMissing());
      }
      pause(deadline);
    }
    return Optional.empty();
  }

  private LoginResult formMissing() {
    String text = page.text();
    if (text.contains("Access Denied")) {
      return result(Kind.PAGE_NOT_LOADED, "The gateway refused the browser's address (ips.allow)");
    }
    if (!page.hasVisibleInput() && (text.isBlank() || PageText.saysAway(text))) {
      return notLoaded(text.isBlank() ? "it is empty" : "IBKR is away").orElseThrow();
    }
    return unrecognised("no user name field");
  }

  private static Optional<LoginResult> notLoaded(String why) {
    return Optional.of(
        LoginResult.of(
            Kind.PAGE_NOT_LOADED,
            "The login page could not be loaded through the gateway: " + why));
  }

  private Optional<LoginResult> fillIn(Secret password) throws LoginAbandoned {
    Countdown tooEarly = Countdown.of(timings.preSubmit());
    page.dismissCookieBanner();
    if (!typed(SETTLE, () -> page.typeUsername(usernameForMasking))) {
      return Optional.of(unrecognised("the user name field cannot be filled in"));
    }
    if (!page.showsPasswordField()) {
      Optional<LoginResult> failed = continueToPassword();
      if (failed.isPresent()) {
        return failed;
      }
    }
    Optional<LoginResult> failed = chooseMode();
    if (failed.isPresent()) {
      return failed;
    }
    if (!typed(SETTLE, () -> page.typePassword(password.reveal().strip()))) {
      return Optional.of(unrecognised("the password field cannot be filled in"));
    }
    while (!tooEarly.isOver()) {
      page.dismissCookieBanner();
      pause(tooEarly);
    }
    return Optional.empty();
  }

  private Optional<LoginResult> continueToPassword() throws LoginAbandoned {
    conversation.checkEntitled();
    if (!page.submitUsername()) {
      return Optional.of(unrecognised("no password field"));
    }
    Countdown deadline = Countdown.of(timings.page());
    while (!page.showsPasswordField()) {
      if (deadline.isOver()) {
        return Optional.of(unrecognised("no password field after the user name"));
      }
      pause(deadline);
    }
    return Optional.empty();
  }

  private Optional<LoginResult> chooseMode() {
    boolean paper = settings.mode() == Mode.PAPER;
    Optional<Boolean> chosen = page.paperChosen();
    if (chosen.isEmpty()) {
      // A page without the choice is for live; a paper login must not be tried there.
      return paper ? Optional.of(unrecognised("no choice of paper trading")) : Optional.empty();
    }
    if (chosen.get() == paper) {
      return Optional.empty();
    }
    boolean switched =
        page.togglePaper() && page.paperChosen().filter(now -> now == paper).isPresent();
    return switched
        ? Optional.empty()
        : Optional.of(unrecognised("the choice between live and paper does not react"));
  }

  private Optional<LoginResult> submit() throws LoginAbandoned {
    conversation.progress("Submitting the credentials");
    conversation.checkEntitled();
    if (work.isCut()) {
      throw new LoginAbandoned("The login was cut short by a fence");
    }
    submitted = true;
    onSubmit.run();
    if (!page.submitCredentials()) {
      submitted = false;
      return Optional.of(unrecognised("the form cannot be submitted"));
    }
    return Optional.empty();
  }

  /** Waits for the first conclusive sign after the credentials, and answers the second factor. */
  private LoginResult awaitOutcome() throws LoginAbandoned {
    Countdown deadline = Countdown.of(timings.answer());
    boolean waitingForPhone = false;
    while (!deadline.isOver()) {
      LoginPage.View view = look();
      if (view.sight() == LoginPage.Sight.SUCCESS || isAuthenticated()) {
        return success();
      }
      Optional<LoginResult> refusal = PageText.verdict(view.error(), clock.instant());
      if (refusal.isPresent()) {
        return refusal.get();
      }
      switch (view.sight()) {
        case CODE_FIELD -> {
          return answerWithCodes();
        }
        case DEVICE_CHOOSER -> {
          if (!deviceChosen) {
            deviceChosen = page.chooseDevice(settings.secondFactor());
          }
        }
        case NOTIFICATION -> {
          if (settings.secondFactor() != SecondFactorKind.PUSH) {
            return unsupported("a confirmation on a phone");
          }
          if (!waitingForPhone) {
            conversation.progress("Waiting for the notification to be confirmed on the phone");
            waitingForPhone = true;
            deadline = Countdown.of(timings.push());
          }
        }
        case UNSUPPORTED_FACTOR -> {
          return unsupported("a factor that cannot be answered automatically");
        }
        case PROMOTION -> page.skipPromotion();
        case SUCCESS, NOTHING_KNOWN -> {}
      }
      pause(deadline);
    }
    return waitingForPhone
        ? result(
            Kind.SECOND_FACTOR_MISSED,
            "Nobody confirmed the notification within " + timings.push().toSeconds() + " s")
        : noAnswer();
  }

  private LoginResult answerWithCodes() throws LoginAbandoned {
    if (settings.secondFactor() != SecondFactorKind.TOTP
        && settings.secondFactor() != SecondFactorKind.OPERATOR) {
      return unsupported("a one-time code");
    }
    LoginResult last = noCodeYet();
    while (page.showsCodeField()) {
      Optional<LoginResult> failed = submitCode();
      if (failed.isPresent()) {
        return codesSubmitted > 0 ? last : failed.get();
      }
      last = awaitCodeOutcome();
      if (last.kind() != Kind.CODE_REFUSED) {
        return last;
      }
      conversation.progress("The one-time code was refused");
    }
    return last;
  }

  private LoginResult noCodeYet() {
    return result(Kind.NO_ANSWER, "The field for the one-time code vanished");
  }

  /** Submits one code; a result means that none was submitted this time. */
  private Optional<LoginResult> submitCode() throws LoginAbandoned {
    conversation.progress("Waiting for a one-time code that may be submitted");
    Secret code;
    try {
      code = conversation.requestCode(whole.left(timings.code()));
    } catch (LoginAbandoned e) {
      if (codesSubmitted == 0) {
        throw e;
      }
      return Optional.of(abandoned(String.valueOf(e.getMessage())));
    }
    try (code) {
      Countdown current = Countdown.of(CODE_TYPED_MAX);
      if (!typed(CODE_TYPED_MAX, () -> page.typeCode(code.reveal()))) {
        return Optional.of(noAnswer());
      }
      conversation.progress("Submitting the one-time code");
      conversation.checkEntitled();
      if (current.isOver()) {
        return Optional.of(
            abandoned(
                "Typing the one-time code took longer than "
                    + CODE_TYPED_MAX.toSeconds()
                    + " s, so it was not submitted"));
      }
      if (!page.submitCode()) {
        return Optional.of(noAnswer());
      }
      codesSubmitted++;
      return Optional.empty();
    }
  }

  private LoginResult awaitCodeOutcome() throws LoginAbandoned {
    String before = codesSubmitted > 1 ? look().error() : "";
    Countdown settle = Countdown.of(SETTLE);
    Countdown deadline = Countdown.of(timings.answer());
    while (!deadline.isOver()) {
      LoginPage.View view = look();
      if (view.sight() == LoginPage.Sight.SUCCESS || isAuthenticated()) {
        return success();
      }
      if (view.error().isEmpty()) {
        before = "";
      }
      // An error that has stood there since the code before says nothing yet.
      if (!view.error().equals(before) || settle.isOver()) {
        Optional<LoginResult> refusal = PageText.verdict(view.error(), clock.instant());
        if (refusal.isPresent()) {
          return refusal.get();
        }
      }
      pause(deadline);
    }
    return noAnswer();
  }

  /**
   * Looks at the page; one that is just being left cannot always be read, and then shows nothing.
   */
  private LoginPage.View look() {
    try {
      LoginPage.View view = page.look();
      looksFailed = 0;
      return view;
    } catch (TimeoutException e) {
      throw e;
    } catch (WebDriverException e) {
      looksFailed++;
      if (work.isCut() || looksFailed > LOOKS_FAILED_MAX) {
        throw e;
      }
      return new LoginPage.View(LoginPage.Sight.NOTHING_KNOWN, "");
    }
  }

  /** Repeats the typing until the field holds the value, for a short while. */
  private boolean typed(Duration limit, BooleanSupplier typing) throws LoginAbandoned {
    Countdown rerender = Countdown.of(limit);
    while (!typing.getAsBoolean()) {
      if (rerender.isOver()) {
        return false;
      }
      pause(rerender);
    }
    return true;
  }

  private boolean isAuthenticated() {
    return statusPace.isDue() && sessionIsUp();
  }

  private boolean sessionIsUp() {
    Reply reply = gateway.calls().post("/v1/api/iserver/auth/status", STATUS_MAX);
    return SessionReading.of(reply).state() == SessionState.ESTABLISHED;
  }

  private static LoginResult success() {
    return LoginResult.of(Kind.SUBMITTED, "The login succeeded");
  }

  private LoginResult unsupported(String factor) {
    return result(
        Kind.FACTOR_UNSUPPORTED,
        "The page asks for "
            + factor
            + ", and second factor '"
            + settings.secondFactor().name().toLowerCase(Locale.ROOT)
            + "' is configured: enrol the Mobile Authenticator App alone, or correct"
            + " gateway.second-factor");
  }

  private LoginResult noAnswer() {
    if (sessionIsUp()) {
      return success();
    }
    return withBundle(
        Kind.NO_ANSWER,
        "Nothing conclusive followed the submission within " + timings.answer().toSeconds() + " s");
  }

  private LoginResult unrecognised(String what) {
    return withBundle(
        Kind.PAGE_UNRECOGNISED,
        "The login page is not the one that we know (" + what + "): correct gateway.selectors");
  }

  private LoginResult withBundle(Kind kind, String sentence) {
    Optional<Path> bundle = diagnosis.keep(browser, sentence, usernameForMasking, clock.instant());
    return result(
        kind, sentence + bundle.map(path -> "; what was seen lies in " + path).orElse(""));
  }

  private LoginResult abandoned(String why) {
    return submitted
        ? result(Kind.NO_ANSWER, why + " (after the credentials were submitted)")
        : result(Kind.ABANDONED, why);
  }

  private static LoginResult result(Kind kind, String sentence) {
    return LoginResult.of(kind, sentence);
  }

  private void pause(Countdown deadline) throws LoginAbandoned {
    if (work.isCut()) {
      throw new LoginAbandoned("The login was cut short by a fence");
    }
    if (whole.isOver()) {
      throw new LoginAbandoned(
          "The login took longer than " + timings.login().toSeconds() + " s (gateway.login)");
    }
    if (!deadline.pause(PAUSE)) {
      throw new LoginAbandoned("The login was interrupted");
    }
  }
}
