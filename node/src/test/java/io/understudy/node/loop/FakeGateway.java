package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.AccountFigures;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.account.OrderCounts;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.login.LoginPermit;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.positions.Position;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.GatewayDriver;
import io.understudy.node.spi.LoginConversation;
import io.understudy.node.spi.LoginConversation.LoginAbandoned;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway whose every call takes no time; its log knows neither gateway nor epoch. */
final class FakeGateway implements GatewayDriver {
  private static final Logger LOG = LoggerFactory.getLogger(FakeGateway.class);

  private final NodeId node;
  private final FakeBroker broker;
  private boolean running;
  private boolean wantsCode;
  private ImmutableList<Position> positions = ImmutableList.of();
  private AccountReading account = new AccountReading(ImmutableList.of(), OrderCounts.NONE, true);
  private Optional<LoginResult> refusal = Optional.empty();
  private final Semaphore fenced = new Semaphore(0);
  private volatile boolean stalls;
  private volatile boolean immortal;

  FakeGateway(NodeId node, FakeBroker broker) {
    this.node = node;
    this.broker = broker;
  }

  synchronized void holds(ImmutableList<Position> held) {
    positions = held;
  }

  synchronized void asksForCodes() {
    wantsCode = true;
  }

  synchronized void refuses(LoginResult result) {
    refusal = Optional.of(result);
  }

  /** The next logins do not go on before the gateway is fenced. */
  void stallsLogins(boolean value) {
    stalls = value;
  }

  /** Whether no fence can be confirmed. */
  void cannotBeFenced(boolean value) {
    immortal = value;
  }

  @Override
  public synchronized GatewayStatus start() {
    LOG.debug("Started a program");
    running = true;
    return probe();
  }

  @Override
  public synchronized GatewayStatus probe() {
    if (!running) {
      return GatewayStatus.of(ProcessState.STOPPED, SessionState.LOGGED_OUT, "stopped");
    }
    boolean ours = broker.holder().equals(Optional.of(node));
    return GatewayStatus.of(
        ProcessState.LISTENING,
        ours ? SessionState.ESTABLISHED : SessionState.LOGGED_OUT,
        ours ? "established" : "logged out");
  }

  @Override
  public LoginResult login(LoginPermit permit, LoginConversation conversation) {
    try {
      conversation.checkEntitled();
      if (stalls) {
        fenced.drainPermits();
        var _ = fenced.tryAcquire(1, TimeUnit.MINUTES);
        return LoginResult.of(LoginResult.Kind.ABANDONED, "cut short");
      }
      if (codesWanted()) {
        conversation.requestCode(Duration.ofSeconds(40)).close();
      }
      conversation.checkEntitled();
    } catch (InterruptedException _) {
      return LoginResult.of(LoginResult.Kind.ABANDONED, "cut short");
    } catch (LoginAbandoned e) {
      return LoginResult.of(LoginResult.Kind.ABANDONED, String.valueOf(e.getMessage()));
    }
    return submit();
  }

  private synchronized boolean codesWanted() {
    return wantsCode;
  }

  private synchronized LoginResult submit() {
    if (refusal.isPresent()) {
      return refusal.orElseThrow();
    }
    LOG.debug("Logged in");
    broker.login(node, true);
    return LoginResult.of(LoginResult.Kind.SUBMITTED, "logged in");
  }

  @Override
  public GatewayStatus reopen(boolean compete) {
    return probe();
  }

  @Override
  public synchronized void logout(Duration timeout) {
    running = false;
    broker.logout(node);
  }

  @Override
  public synchronized void fence(Duration timeout) throws DriverException {
    if (immortal) {
      throw DriverException.transientError("The gateway process does not end, not even killed");
    }
    fenced.release();
    running = false;
    broker.logout(node);
  }

  @Override
  public synchronized void kill() {
    running = false;
  }

  @Override
  public synchronized ImmutableList<Position> positions() {
    LOG.debug("Read positions");
    return positions;
  }

  @Override
  public int openOrders() {
    return 0;
  }

  /** One account that is worth this from now on. */
  synchronized void isWorth(String netLiquidation) {
    account =
        new AccountReading(
            ImmutableList.of(
                new AccountFigures(
                    "U1",
                    "USD",
                    new BigDecimal(netLiquidation),
                    Optional.empty(),
                    Optional.empty())),
            OrderCounts.NONE,
            true);
  }

  @Override
  public synchronized AccountReading account(BooleanSupplier mayGoOn) {
    return account;
  }

  @Override
  public void close() {}
}
