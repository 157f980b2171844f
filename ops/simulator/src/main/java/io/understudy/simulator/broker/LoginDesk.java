package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.Answer;
import io.understudy.simulator.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/**
 * Checks credentials and second factors for the login page.
 *
 * <p>The page's own protocol: {@code POST /sso/Authenticator} with form fields {@code ACTION} =
 * LOGIN (user, password, paper), DEVICE (device), CODE (code), POLL or RESEND; all but LOGIN carry
 * the {@code loginId} of the former answer. Answers are JSON with {@code state}: error (text),
 * wrong-mode (text), code (block), choose, push, unautomatable (block), finished. After finished
 * the page submits {@code POST /sso/Dispatcher} with the loginId, which is answered 302 and sets
 * the cookies.
 *
 * <p>Guarded by the broker's lock.
 */
final class LoginDesk {
  private static final Duration PUSH_TIME = Duration.ofMinutes(2);
  private static final int ATTEMPTS_MAX = 1_000;

  private final Clock clock;
  private final Map<String, User> users;
  private final Faults faults;
  private final Judge judge;
  private final Report report;
  private final BiFunction<User, String, Boolean> stillLoggedIn;
  private final Map<String, LoginAttempt> attempts = new LinkedHashMap<>();

  LoginDesk(
      Clock clock,
      Map<String, User> users,
      Faults faults,
      Judge judge,
      Report report,
      BiFunction<User, String, Boolean> stillLoggedIn) {
    this.clock = clock;
    this.users = users;
    this.faults = faults;
    this.judge = judge;
    this.report = report;
    this.stillLoggedIn = stillLoggedIn;
  }

  Answer authenticate(Map<String, String> form, String source) {
    String action = form.getOrDefault("ACTION", "");
    if (action.equals("LOGIN")) {
      return login(form, source);
    }
    LoginAttempt attempt = attempts.get(form.getOrDefault("loginId", ""));
    if (attempt == null) {
      return error(LoginTexts.START_AGAIN);
    }
    return switch (action) {
      case "DEVICE" -> chooseDevice(attempt, form.getOrDefault("device", ""));
      case "CODE" -> code(attempt, form.getOrDefault("code", ""), source);
      case "POLL" -> poll(attempt, source);
      case "RESEND" -> resend(attempt);
      default -> HttpResponse.text(400, "unknown ACTION");
    };
  }

  /** Ends a finished attempt; empty if there is none of that id. */
  Optional<LoginAttempt> dispatch(String loginId) {
    LoginAttempt attempt = attempts.get(loginId);
    if (attempt == null || attempt.stage() != LoginAttempt.Stage.FINISHED) {
      return Optional.empty();
    }
    attempts.remove(loginId);
    attempt.user().succeeded();
    judge.loginSucceeded(attempt.user().name());
    report.login(clock.instant(), attempt.user().name(), attempt.source(), "succeeded");
    return Optional.of(attempt);
  }

  /** The person at the telephone agrees; returns how many pushes were waiting. */
  int approvePush(String user) {
    int approved = 0;
    for (LoginAttempt attempt : attempts.values()) {
      if (attempt.user().name().equals(user) && attempt.stage() == LoginAttempt.Stage.PUSH) {
        attempt.moveTo(LoginAttempt.Stage.FINISHED);
        approved++;
      }
    }
    return approved;
  }

  private Answer login(Map<String, String> form, String source) {
    Instant now = clock.instant();
    String name = form.getOrDefault("user", "");
    User user = users.get(name);
    boolean locked = user != null && user.lockedAt(now);
    report.count(Report.Counter.SUBMISSIONS);
    judge.credentialsSubmitted(name, source, now, locked);
    if (faults.active(Fault.Kind.LOGIN_HANG)) {
      report.login(now, name, source, "hung");
      return new Answer.Hang();
    }
    if (faults.active(Fault.Kind.MAINTENANCE)) {
      report.count(Report.Counter.LOGINS_INSIDE_WINDOW);
      return refuse(name, source, "maintenance", LoginTexts.MAINTENANCE, false);
    }
    if (user == null) {
      return refuse(name, source, "bad-credentials", LoginTexts.BAD_CREDENTIALS, true);
    }
    if (locked) {
      return refuse(user, source, "locked", user.lockText(), true);
    }
    if (!user.hasPassword(form.getOrDefault("password", ""))) {
      return refuse(user, source, "bad-credentials", LoginTexts.BAD_CREDENTIALS, true);
    }
    boolean paper = form.getOrDefault("paper", "").equals("true");
    if (paper != user.paper()) {
      String text = user.paper() ? LoginTexts.LIVE_FOR_PAPER : LoginTexts.PAPER_FOR_LIVE;
      return refuse(user, source, "wrong-mode", text, false);
    }
    return askSecondFactor(user, source);
  }

  private Answer askSecondFactor(User user, String source) {
    SecondFactor.Kind kind =
        LoginPage.secondFactorOf(faults.pageVariants()).orElse(user.secondFactor().kind());
    LoginAttempt.Stage stage =
        switch (kind) {
          case NONE -> LoginAttempt.Stage.FINISHED;
          case TOTP -> LoginAttempt.Stage.CODE;
          case PUSH -> LoginAttempt.Stage.PUSH;
          case DEVICE_CHOOSER -> LoginAttempt.Stage.DEVICE;
          case SECURITY_CARD, PASSKEY, QR -> LoginAttempt.Stage.UNAUTOMATABLE;
        };
    LoginAttempt attempt = new LoginAttempt(user, source, stage);
    remember(attempt);
    return switch (stage) {
      case FINISHED -> state("finished", attempt);
      case CODE -> state("code", attempt);
      case PUSH -> push(attempt);
      case DEVICE -> state("choose", attempt);
      case UNAUTOMATABLE -> {
        String block =
            switch (kind) {
              case SECURITY_CARD -> "bronze";
              case PASSKEY -> "fido";
              default -> "qrcode";
            };
        yield json(stateOf("unautomatable", attempt).put("block", block));
      }
    };
  }

  private Answer push(LoginAttempt attempt) {
    attempt.moveTo(LoginAttempt.Stage.PUSH);
    attempt.setPushDeadline(clock.instant().plus(PUSH_TIME));
    return state("push", attempt);
  }

  private Answer chooseDevice(LoginAttempt attempt, String device) {
    if (attempt.stage() != LoginAttempt.Stage.DEVICE) {
      return error(LoginTexts.START_AGAIN);
    }
    if (device.equals("4")) {
      attempt.moveTo(LoginAttempt.Stage.CODE);
      return state("code", attempt);
    }
    return push(attempt);
  }

  private Answer code(LoginAttempt attempt, String code, String source) {
    if (attempt.stage() != LoginAttempt.Stage.CODE) {
      return error(LoginTexts.START_AGAIN);
    }
    Instant now = clock.instant();
    User user = attempt.user();
    boolean locked = user.lockedAt(now);
    OptionalLong matched = user.secondFactor().stepOf(code, now);
    long step = matched.orElse(SecondFactor.stepAt(now));
    boolean first = user.firstSubmissionOf(step);
    report.count(Report.Counter.CODE_SUBMISSIONS);
    judge.codeSubmitted(user.name(), source, step, first, now, locked);
    if (locked) {
      return refuse(user, source, "locked", user.lockText(), true);
    }
    if (!first) {
      return refuse(user, source, "code-used-before", LoginTexts.BAD_CODE, true);
    }
    if (matched.isEmpty() || !user.secondFactor().accepts(step, now)) {
      return refuse(user, source, "bad-code", LoginTexts.BAD_CODE, true);
    }
    attempt.moveTo(LoginAttempt.Stage.FINISHED);
    return state("finished", attempt);
  }

  private Answer poll(LoginAttempt attempt, String source) {
    judge.clientCalled(attempt.user().name(), source, "/sso/Authenticator", false, clock.instant());
    if (attempt.stage() == LoginAttempt.Stage.FINISHED) {
      return state("finished", attempt);
    }
    if (attempt.stage() == LoginAttempt.Stage.PUSH
        && !clock.instant().isBefore(attempt.pushDeadline())) {
      attempts.remove(attempt.id());
      boolean counted = !faults.active(Fault.Kind.MISSED_PUSH_FREE);
      return refuse(attempt.user(), source, "push-missed", LoginTexts.PUSH_MISSED, counted);
    }
    return state("push", attempt);
  }

  private Answer resend(LoginAttempt attempt) {
    return attempt.stage() == LoginAttempt.Stage.PUSH
        ? push(attempt)
        : error(LoginTexts.START_AGAIN);
  }

  private Answer refuse(User user, String source, String outcome, String text, boolean counted) {
    if (counted) {
      user.failed(clock.instant());
    }
    return refuse(user.name(), source, outcome, text, counted);
  }

  private Answer refuse(String user, String source, String outcome, String text, boolean counted) {
    User known = users.get(user);
    judge.loginRefused(user, source, counted, known != null && stillLoggedIn.apply(known, source));
    report.login(clock.instant(), user, source, outcome);
    return json(
        Json.object()
            .put("state", outcome.equals("wrong-mode") ? "wrong-mode" : "error")
            .put("text", text));
  }

  private void remember(LoginAttempt attempt) {
    if (attempts.size() >= ATTEMPTS_MAX) {
      Iterator<LoginAttempt> oldest = attempts.values().iterator();
      var _ = oldest.next();
      oldest.remove();
    }
    attempts.put(attempt.id(), attempt);
  }

  private static ObjectNode stateOf(String state, LoginAttempt attempt) {
    return Json.object().put("state", state).put("loginId", attempt.id());
  }

  private static Answer state(String state, LoginAttempt attempt) {
    return json(stateOf(state, attempt));
  }

  private static Answer error(String text) {
    return json(Json.object().put("state", "error").put("text", text));
  }

  private static Answer json(ObjectNode node) {
    return HttpResponse.json(200, node);
  }
}
