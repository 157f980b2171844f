package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.login.LoginPermit;
import io.understudy.node.core.positions.Position;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Timings;
import io.understudy.node.driver.clientportal.GatewayHost.Running;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.GatewayDriver;
import io.understudy.node.spi.GatewayTraces;
import io.understudy.node.spi.LoginConversation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A brokerage session by way of IBKR's Client Portal Gateway.
 *
 * <p>IBKR is only called while a login made by this driver may still live; a warm standby's look
 * stays on the machine. A logout alone would be no fence, since the program opens the brokerage
 * session again by itself when one of its own calls fails: so its cookies are cleared and the
 * process is ended each time.
 */
public final class ClientPortalDriver implements GatewayDriver {
  private static final Logger LOG = LoggerFactory.getLogger(ClientPortalDriver.class);
  private static final String STATUS = "/v1/api/iserver/auth/status";
  private static final Duration REOPEN_PAUSE = Duration.ofMillis(200);
  private static final Duration CLEAR_MAX = Duration.ofMillis(500);

  private final ClientPortalSettings settings;
  private final Timings timings;
  private final InstantSource clock;
  private final Turns turns;
  private final GatewayHost host;
  private final Cuts cuts = new Cuts();
  private final LoginRunner logins;
  private final Pace tickles;
  private final Pace validations;
  private final BrokerClock brokerClock;
  private final Pace orderCalls;
  private final AccountPages account;

  /** Whether credentials were submitted to the program that runs now. */
  private volatile boolean mayHoldSession;

  /** Whether the session is being ended, so that nothing may keep it alive. */
  private volatile boolean ending;

  /**
   * @param turns shared by all gateways of this node
   */
  public ClientPortalDriver(ClientPortalSettings settings, InstantSource clock, Turns turns) {
    this.settings = settings;
    this.turns = turns;
    this.timings = settings.timings();
    this.clock = clock;
    RunDirectory directory = new RunDirectory(settings);
    this.host = new GatewayHost(settings, directory);
    this.brokerClock = new BrokerClock(clock);
    this.logins = new LoginRunner(settings, directory, clock, brokerClock, turns);
    this.tickles = new Pace(timings.tickleEvery());
    this.validations = new Pace(timings.validateEvery());
    this.orderCalls = new Pace(timings.ordersPause());
    this.account = new AccountPages(orderCalls, AccountPages.CALL_GAP);
  }

  /** How the processes are recognised that a driver with these settings starts. */
  public static GatewayTraces traces(ClientPortalSettings settings) {
    RunDirectory directory = new RunDirectory(settings);
    return new GatewayTraces(
        settings.gateway(),
        ImmutableList.of(
            OwnProcesses.marker(directory.base()), OwnProcesses.browserMarker(directory.base())),
        directory.pidFile(),
        settings.port());
  }

  @Override
  public GatewayStatus start() throws DriverException {
    Cuts.Work work = cuts.begin();
    Optional<Running> present = host.running().filter(gateway -> gateway.process().isAlive());
    if (present.isPresent()) {
      if (present.get().calls().get("/", timings.localCall()) instanceof Reply.Answered) {
        return probe();
      }
      LOG.warn(
          "Ending a gateway program that does not answer gateway={} pid={} port={}",
          settings.gateway(),
          present.get().process().pid(),
          settings.port());
    }
    host.end(Countdown.of(timings.start()));
    mayHoldSession = false;
    ending = false;
    logins.prepare();
    try (Turns.Turn _ = turns.toStart(work, timings.start())) {
      var _ = host.start(work);
    }
    return status(ProcessState.LISTENING, SessionState.LOGGED_OUT, listeningSentence());
  }

  @Override
  public GatewayStatus probe() {
    Optional<Running> present = host.running();
    if (present.isEmpty()) {
      return host.hasOrphan()
          ? status(
              ProcessState.UNKNOWN,
              SessionState.UNKNOWN,
              "A gateway program of a former life of the daemon still runs")
          : status(
              ProcessState.STOPPED, SessionState.LOGGED_OUT, "The gateway program is not started");
    }
    Running gateway = present.get();
    if (!gateway.process().isAlive()) {
      return status(
          ProcessState.STOPPED,
          SessionState.LOGGED_OUT,
          "The gateway program ended with "
              + gateway.process().exitCode().orElse(-1)
              + gateway.process().lastWords());
    }
    if (!(gateway.calls().get("/", timings.localCall()) instanceof Reply.Answered)) {
      return status(
          ProcessState.STARTING,
          mayHoldSession ? SessionState.UNKNOWN : SessionState.LOGGED_OUT,
          "The gateway program runs and does not answer on port " + settings.port());
    }
    if (!mayHoldSession) {
      return status(ProcessState.LISTENING, SessionState.LOGGED_OUT, listeningSentence());
    }
    if (ending) {
      return status(ProcessState.LISTENING, SessionState.UNKNOWN, "The session is being ended");
    }
    return askSession(gateway);
  }

  @Override
  public LoginResult login(LoginPermit permit, LoginConversation conversation) {
    Cuts.Work work = cuts.begin();
    Optional<Running> present = host.running().filter(gateway -> gateway.process().isAlive());
    if (present.isEmpty()) {
      return LoginResult.of(
          LoginResult.Kind.LOCAL_FAILURE, "The gateway program does not run, so nobody can log in");
    }
    account.beginSession();
    LOG.info(
        "Began login gateway={} attempt={} epoch={}",
        settings.gateway(),
        permit.attemptId(),
        permit.epoch());
    return logins.run(present.get(), conversation, work, () -> mayHoldSession = true);
  }

  @Override
  public GatewayStatus reopen(boolean compete) throws DriverException {
    Cuts.Work work = cuts.begin();
    Running gateway = demandRunning();
    Countdown deadline = Countdown.of(timings.reopen());
    Reply reply =
        gateway
            .calls()
            .post(
                "/v1/api/iserver/auth/ssodh/init",
                "{\"publish\":true,\"compete\":" + compete + "}",
                deadline.left(timings.call()));
    SessionReading reading = SessionReading.of(reply);
    if (reading.state() == SessionState.UNKNOWN) {
      throw DriverException.transientError(
          "The brokerage session could not be opened again: " + reading.sentence());
    }
    while (reading.state() == SessionState.NOT_ESTABLISHED && !deadline.isOver()) {
      if (work.isCut() || !deadline.pause(REOPEN_PAUSE)) {
        throw DriverException.transientError("Opening the brokerage session again was cut short");
      }
      reading = SessionReading.of(gateway.calls().post(STATUS, deadline.left(timings.call())));
    }
    return status(ProcessState.LISTENING, reading.state(), reading.sentence());
  }

  @Override
  public void logout(Duration timeout) throws DriverException {
    Countdown deadline = Countdown.of(timeout);
    ending = true;
    Optional<String> doubt =
        host.running()
            .filter(gateway -> gateway.process().isAlive())
            .flatMap(gateway -> {
              Optional<String> unconfirmed =
                  mayHoldSession ? sayGoodbye(gateway, deadline) : none();
              clear(gateway, deadline);
              return unconfirmed;
            });
    host.end(deadline);
    mayHoldSession = false;
    ending = false;
    if (doubt.isPresent()) {
      throw DriverException.transientError(
          "IBKR did not confirm the logout ("
              + doubt.get()
              + "); the gateway program was cleared and ended");
    }
    LOG.info("Logged out gateway={}", settings.gateway());
  }

  @Override
  public void fence(Duration timeout) throws DriverException {
    Countdown deadline = Countdown.of(timeout);
    ending = true;
    cuts.cut();
    logins.cutShort();
    host.running()
        .filter(gateway -> gateway.process().isAlive())
        .ifPresent(gateway -> {
          // The process is ended next anyway; its cookies go first in case that takes long.
          clear(gateway, deadline);
        });
    host.end(deadline);
    mayHoldSession = false;
    ending = false;
  }

  @Override
  public void kill() throws DriverException {
    demandRunning().process().kill();
  }

  @Override
  public ImmutableList<Position> positions() throws DriverException {
    Portfolio portfolio = portfolio();
    ImmutableSet<String> accounts = portfolio.accounts();
    account.know(accounts);
    return portfolio.positions(accounts);
  }

  @Override
  public int openOrders() throws DriverException {
    return portfolio().openOrders();
  }

  @Override
  public AccountReading account(BooleanSupplier mayGoOn) throws DriverException {
    Cuts.Work work = cuts.begin();
    return account.read(
        demandRunning().calls()::get, () -> !ending && !work.isCut() && mayGoOn.getAsBoolean());
  }

  @Override
  public void close() {
    cuts.cut();
    logins.cutShort();
    host.running().ifPresent(gateway -> gateway.calls().close());
  }

  private GatewayStatus askSession(Running gateway) {
    boolean tickle = tickles.isDue();
    Instant before = clock.instant();
    Reply reply = gateway.calls().post(tickle ? "/v1/api/tickle" : STATUS, timings.call());
    SessionReading reading = tickle ? SessionReading.ofTickle(reply) : SessionReading.of(reply);
    var _ = brokerClock.note(reply, before);
    if (reading.state() != SessionState.UNKNOWN && validations.isDue()) {
      // It only keeps the single sign-on alive; what it says, the status says better.
      var _ = gateway.calls().get("/v1/api/sso/validate", timings.call());
    }
    return status(ProcessState.LISTENING, reading.state(), reading.sentence());
  }

  private GatewayStatus status(ProcessState process, SessionState session, String sentence) {
    return new GatewayStatus(process, session, sentence, brokerClock.offset());
  }

  /** Ends the brokerage session at IBKR; says what speaks against its having worked. */
  private Optional<String> sayGoodbye(Running gateway, Countdown deadline) {
    // Half of the time stays for ending the program.
    Duration patience = deadline.left().dividedBy(2);
    patience = patience.compareTo(timings.logoutCall()) < 0 ? patience : timings.logoutCall();
    return switch (gateway.calls().post("/v1/api/logout", patience)) {
      case Reply.Failed failed -> Optional.of(failed.sentence());
      case Reply.Answered answered when answered.status() == 401 -> none();
      case Reply.Answered answered when !answered.ok() ->
          Optional.of("status " + answered.status());
      case Reply.Answered answered ->
          answered.json().path("status").asBoolean(false)
              ? none()
              : Optional.of("an unknown answer");
    };
  }

  /** Makes the program forget its cookies: local, and done in milliseconds where it lives. */
  private static void clear(Running gateway, Countdown deadline) {
    Duration third = deadline.left().dividedBy(3);
    var _ = gateway.calls().get("/clear", third.compareTo(CLEAR_MAX) < 0 ? third : CLEAR_MAX);
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private Portfolio portfolio() throws DriverException {
    return new Portfolio(demandRunning().calls(), timings, settings.mode(), orderCalls);
  }

  private Running demandRunning() throws DriverException {
    return host.running()
        .filter(gateway -> gateway.process().isAlive())
        .orElseThrow(() -> DriverException.transientError("The gateway program does not run"));
  }

  private String listeningSentence() {
    return "The gateway program listens on port " + settings.port() + ", logged out";
  }
}
