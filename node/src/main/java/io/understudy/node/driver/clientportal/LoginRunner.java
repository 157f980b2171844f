package io.understudy.node.driver.clientportal;

import io.understudy.node.config.ClientPortalConfig.Engine;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.driver.clientportal.GatewayHost.Running;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.LoginConversation;
import io.understudy.node.spi.Secret;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one login: reads the credentials, starts a fresh browser, lets the procedure run, and
 * ends the browser whatever happened.
 *
 * <p>{@link #run} is called by one thread at a time, {@link #cutShort} by any.
 */
final class LoginRunner {
  private final ClientPortalSettings settings;
  private final RunDirectory directory;
  private final InstantSource clock;
  private final BrokerClock brokerClock;
  private final Turns turns;
  private final AtomicBoolean prepared = new AtomicBoolean();
  private final AtomicReference<@Nullable LoginBrowser> open = new AtomicReference<>();

  LoginRunner(
      ClientPortalSettings settings,
      RunDirectory directory,
      InstantSource clock,
      BrokerClock brokerClock,
      Turns turns) {
    this.settings = settings;
    this.directory = directory;
    this.clock = clock;
    this.brokerClock = brokerClock;
    this.turns = turns;
  }

  /**
   * @param onSubmit called immediately before credentials leave this machine
   */
  LoginResult run(
      Running gateway, LoginConversation conversation, Cuts.Work work, Runnable onSubmit) {
    try (Turns.Turn _ = turns.toLogIn(work, settings.timings().login());
        Secret username = demand(settings.username().read(), "username");
        Secret password = demand(settings.password().read(), "password")) {
      conversation.progress("Starting the browser");
      LoginBrowser browser = LoginBrowser.start(settings, gateway.certificate(), directory);
      open.set(browser);
      try {
        if (work.isCut()) {
          return LoginResult.of(LoginResult.Kind.ABANDONED, "The login was cut short by a fence");
        }
        return new LoginProcedure(
                settings,
                gateway,
                browser,
                conversation,
                work,
                onSubmit,
                clock,
                brokerClock,
                new DiagnosisBundle(directory.diagnosis()))
            .run(username, password);
      } finally {
        open.set(null);
        browser.close();
      }
    } catch (DriverException e) {
      return LoginResult.of(LoginResult.Kind.LOCAL_FAILURE, String.valueOf(e.getMessage()));
    }
  }

  /** Prepares for a login without opening any page of the gateway; returns at once. */
  void prepare() {
    if (settings.browser().engine() == Engine.HTMLUNIT && prepared.compareAndSet(false, true)) {
      var _ = Thread.ofPlatform().daemon().name("browser-prepare").start(HtmlUnitBrowser::practise);
    }
  }

  /** Ends the browser of the login under way, if there is one. */
  void cutShort() {
    LoginBrowser browser = open.get();
    if (browser != null) {
      browser.cutShort();
    }
  }

  private static Secret demand(Secret secret, String what) throws DriverException {
    if (secret.isBlank()) {
      throw DriverException.permanentError("The " + what + " file of the gateway is empty");
    }
    return secret;
  }
}
