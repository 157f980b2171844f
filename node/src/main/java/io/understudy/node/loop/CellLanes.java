package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.positions.Position;
import io.understudy.node.core.positions.Reconciliation;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.LeaseGuard;
import io.understudy.node.spi.PeerClient;
import io.understudy.node.spi.PositionSource;
import io.understudy.node.spi.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of one cell. Looking, acting, fencing, the relay and calls to peers each have their
 * own, so that a gateway that hangs stops neither the relay from shutting nor the fence.
 */
final class CellLanes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CellLanes.class);
  private static final Duration END_MAX = Duration.ofSeconds(2);

  private final CellDrivers cell;
  private final PeerClient peers;
  private final LeaseGuard guard;
  private final Clocks clocks;
  private final Mailbox mailbox;
  private final OperatorCodes operatorCodes = new OperatorCodes();
  private final Consumer<String> progress;
  private final Lane action;
  private final Lane probe;
  private final Lane fence;
  private final Lane relay;
  private final Lane peer;
  private final Lane drill;
  private volatile @Nullable LoginTalk talk;

  /** The look at the account that may go on; none once something else is asked of the gateway. */
  private volatile @Nullable EffectId accountLook;

  /** Why the last look at the account failed; empty where it did not. Of the action lane. */
  private String accountTrouble = "";

  CellLanes(
      CellDrivers cell,
      PeerClient peers,
      LeaseGuard guard,
      Clocks clocks,
      Mailbox mailbox,
      Consumer<String> progress) {
    this.cell = cell;
    this.peers = peers;
    this.guard = guard;
    this.clocks = clocks;
    this.mailbox = mailbox;
    this.progress = progress;
    action = new Lane("gateway-" + cell.id(), mailbox);
    probe = new Lane("probe-" + cell.id(), mailbox);
    fence = new Lane("fence-" + cell.id(), mailbox);
    relay = new Lane("relay-" + cell.id(), mailbox);
    peer = new Lane("peer-" + cell.id(), mailbox);
    drill = new Lane("drill-" + cell.id(), mailbox);
  }

  /** What the lines of the effects that come from now on are about. */
  void about(LogSubject subject) {
    for (Lane lane : new Lane[] {action, probe, fence, relay, peer, drill}) {
      lane.about(subject);
    }
  }

  void call(Effect.CallFormerHolder call) {
    peer.run(() ->
        EffectRunner.finish(
            mailbox,
            call.id(),
            () ->
                peers.relinquish(
                    call.node(), call.address(), call.gateway(), call.epoch(), call.timeout())));
  }

  void start(EffectId id) {
    accountLook = null;
    action.run(() ->
        EffectRunner.finish(
            mailbox,
            id,
            () -> {
              GatewayStatus status = cell.gateway().start();
              log.debug("Started gateway={} process={}", cell.id(), status.process());
            }));
  }

  void probe(EffectId id) {
    probe.run(
        () -> mailbox.post(new Observation.GatewayProbed(id, cell.id(), cell.gateway().probe())));
  }

  void login(Effect.Login login) {
    accountLook = null;
    LoginTalk fresh =
        new LoginTalk(
            login.id(),
            cell,
            login.permit().epoch(),
            guard,
            clocks,
            mailbox,
            operatorCodes,
            progress);
    talk = fresh;
    action.run(() -> {
      LoginResult result =
          guard.permits(cell.id(), login.permit().epoch())
              ? cell.gateway().login(login.permit(), fresh)
              : LoginResult.of(LoginResult.Kind.ABANDONED, "the right to lead has ended");
      progress.accept("");
      mailbox.post(new Observation.LoginFinished(login.id(), result));
    });
  }

  void grant(EffectId login, TotpStep step) {
    LoginTalk current = talk;
    if (current != null && current.login().equals(login)) {
      current.grant(step);
    }
  }

  void refuse(EffectId login, String sentence) {
    LoginTalk current = talk;
    if (current != null && current.login().equals(login)) {
      current.refuse(sentence);
    }
  }

  void provideCode(Secret code) {
    mailbox.post(
        new Observation.OperatorCodeArrived(cell.id(), operatorCodes.put(cell.id(), code)));
  }

  void reopen(Effect.ReopenSession reopen) {
    accountLook = null;
    action.run(() ->
        EffectRunner.finish(
            mailbox,
            reopen.id(),
            () -> {
              if (!guard.permits(cell.id(), reopen.epoch())) {
                throw DriverException.transientError("the right to lead has ended");
              }
              GatewayStatus status = cell.gateway().reopen(reopen.compete());
              log.debug("Reopened gateway={} session={}", cell.id(), status.session());
            }));
  }

  void logout(EffectId id) {
    accountLook = null;
    action.run(
        () -> EffectRunner.finish(mailbox, id, () -> cell.gateway().logout(cell.logoutTimeout())));
  }

  void fence(EffectId id) {
    accountLook = null;
    LoginTalk current = talk;
    if (current != null) {
      current.refuse("the gateway is being stopped");
    }
    fence.run(
        () -> EffectRunner.finish(mailbox, id, () -> cell.gateway().fence(cell.fenceTimeout())));
  }

  void compare(Effect.ComparePositions compare) {
    accountLook = null;
    action.run(() -> {
      Optional<ReconciliationReport> report = Optional.empty();
      String sentence = "";
      try {
        report = Optional.of(report(compare));
      } catch (DriverException e) {
        sentence = e.getMessage();
      }
      mailbox.post(new Observation.PositionsCompared(compare.id(), report, sentence));
    });
  }

  private ReconciliationReport report(Effect.ComparePositions compare) throws DriverException {
    ImmutableList<Position> actual = cell.gateway().positions();
    if (cell.expected().isEmpty()) {
      return new ReconciliationReport(actual.size(), ImmutableList.of(), 0, -1);
    }
    PositionSource.Expected expected = cell.expected().orElseThrow().expected();
    OptionalInt expectedOrders = compare.strict() ? expected.openOrders() : OptionalInt.empty();
    return Reconciliation.compare(
        expected.positions(),
        expectedOrders,
        actual,
        expectedOrders.isPresent() ? cell.gateway().openOrders() : 0,
        cell.tolerances(),
        compare.accepted());
  }

  /**
   * On the lane of what acts, so that no call of it is under way once a logout has begun; cut short
   * by whatever else is asked of the gateway.
   */
  void readAccount(Effect.ReadAccount read) {
    accountLook = read.id();
    action.run(() -> {
      Optional<AccountReading> reading = Optional.empty();
      String sentence = "";
      try {
        reading = Optional.of(cell.gateway().account(() -> mayLook(read)));
      } catch (DriverException e) {
        sentence = e.getMessage();
      }
      tellAccount(sentence);
      mailbox.post(new Observation.AccountRead(read.id(), cell.id(), reading, sentence));
    });
  }

  private boolean mayLook(Effect.ReadAccount read) {
    return read.id().equals(accountLook) && guard.permits(cell.id(), read.epoch());
  }

  /** A trouble that lasts is told when it begins and when it changes. */
  private void tellAccount(String sentence) {
    if (!sentence.isEmpty() && !sentence.equals(accountTrouble)) {
      log.warn("Could not read the account gateway={} reason=\"{}\"", cell.id(), sentence);
    }
    accountTrouble = sentence;
  }

  /** Not by a node that has lost the right to lead meanwhile: its fault would be no drill. */
  void inject(Effect.InjectFault fault) {
    drill.run(() ->
        EffectRunner.finish(
            mailbox,
            fault.id(),
            () -> {
              if (!guard.permits(cell.id(), fault.epoch())) {
                throw DriverException.transientError("the right to lead has ended");
              }
              log.warn(
                  "Makes the fault of a drill gateway={} kind={} drill={} seconds={}",
                  cell.id(),
                  fault.kind(),
                  fault.drill(),
                  fault.lasting().toSeconds());
              switch (fault.kind()) {
                case CRASH -> cell.faults().crash();
                case PARTITION -> cell.faults().partition(fault.lasting());
                case GATEWAY_CRASH -> cell.gateway().kill();
                case SWITCHOVER, LOGIN_ONLY ->
                    throw new IllegalStateException("no fault to make: " + fault.kind());
              }
            }));
  }

  void openRelay(EffectId id, Epoch epoch) {
    relay.run(() -> EffectRunner.finish(mailbox, id, () -> cell.relay().open(epoch)));
  }

  void shutRelay(EffectId id) {
    relay.run(() -> EffectRunner.finish(mailbox, id, cell.relay()::shut));
  }

  /** Shuts and fences whatever the state; one that fails does not keep the other from happening. */
  boolean fenceNow() {
    accountLook = null;
    try {
      cell.relay().shut();
    } catch (RuntimeException e) {
      log.error("Could not shut the relay gateway={}", cell.id(), e);
    }
    try {
      cell.gateway().fence(cell.fenceTimeout());
      return true;
    } catch (DriverException e) {
      log.error("Could not stop gateway={} reason={}", cell.id(), e.getMessage());
    } catch (RuntimeException e) {
      log.error("Could not stop gateway={}", cell.id(), e);
    }
    return false;
  }

  @Override
  public void close() {
    accountLook = null;
    for (Lane lane : new Lane[] {action, probe, fence, relay, peer, drill}) {
      lane.close();
    }
    try {
      for (Lane lane : new Lane[] {action, probe}) {
        if (!lane.awaitEnd(END_MAX)) {
          log.warn("A call to the gateway did not end gateway={}", cell.id());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    cell.relay().close();
    cell.gateway().close();
    cell.expected().ifPresent(PositionSource::close);
  }
}
