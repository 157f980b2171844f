package io.understudy.node.spi;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSight;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.GuardedWrite.ClaimUpdate;
import io.understudy.node.core.failover.GuardedWrite.Condition;
import io.understudy.node.core.failover.GuardedWrite.CustodyUpdate;
import io.understudy.node.core.failover.GuardedWrite.DirectivesUpdate;
import io.understudy.node.core.failover.GuardedWrite.DrillUpdate;
import io.understudy.node.core.failover.GuardedWrite.LedgerUpdate;
import io.understudy.node.core.failover.GuardedWrite.MarksUpdate;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.failover.GuardedWrite.Result;
import io.understudy.node.core.failover.GuardedWrite.Update;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.CoordinationDriver.Connection;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link CoordinationDriver} must do. */
public abstract class CoordinationContract {
  protected static final GatewayId LIVE = new GatewayId("live");
  protected static final GatewayId PAPER = new GatewayId("paper");
  protected static final ImmutableList<GatewayId> GATEWAYS = ImmutableList.of(LIVE, PAPER);
  protected static final NodeId A = new NodeId("a");
  protected static final NodeId B = new NodeId("b");
  protected static final Duration START_TIMEOUT = Duration.ofSeconds(15);
  protected static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

  private final List<Member> started = new ArrayList<>();

  /** A started driver with what it said. */
  protected record Member(CoordinationDriver driver, RecordingListener listener, NodeRecord self) {
    SessionId renew() throws DriverException {
      return driver.renew(self);
    }

    CoordinationSnapshot read() throws DriverException {
      return driver.read();
    }

    GatewayRecords gateway(GatewayId gateway) throws DriverException {
      GatewayRecords records = driver.read().gateways().get(gateway);
      if (records == null) {
        throw new AssertionError("No records of " + gateway);
      }
      return records;
    }

    ElectionView election() throws DriverException {
      return gateway(LIVE).election();
    }

    ElectionTicket ticket() throws DriverException {
      return election().own().orElseThrow();
    }

    Result write(ElectionTicket ticket, Update... updates) {
      return driver.write(
          new GuardedWrite(
              LIVE, ticket, ImmutableList.of(), ImmutableList.copyOf(updates), Optional.empty()));
    }
  }

  /** A driver of the node, not started; all drivers of a test share one cluster. */
  protected abstract CoordinationDriver create(NodeId node);

  /** Makes the gateway's high-water marks something that nobody understands. */
  protected abstract void spoilMarks(GatewayId gateway);

  /** The record of the gateway's drill holds something that nobody understands. */
  protected abstract void spoilDrill(GatewayId gateway);

  /** Ends the session at the ensemble, as if it had timed out. */
  protected abstract void expire(SessionId session);

  /** Cuts the node off from the ensemble. */
  protected abstract void disconnect(NodeId node);

  /** Lets the node's calls through from now on, and loses the answers. */
  protected abstract void loseAnswers(NodeId node);

  /** Ends {@link #disconnect} and {@link #loseAnswers}. */
  protected abstract void reconnect(NodeId node);

  @AfterEach
  void closeDrivers() {
    started.forEach(member -> member.driver().close());
  }

  protected final Member start(NodeId node) throws DriverException {
    return start(node, "1");
  }

  protected final Member start(NodeId node, String life) throws DriverException {
    Member member =
        new Member(create(node), new RecordingListener(), record(node, node + "-" + life));
    started.add(member);
    member.driver().start(member.self(), member.listener(), START_TIMEOUT);
    return member;
  }

  protected static NodeRecord record(NodeId node, String instance) {
    return new NodeRecord(
        node,
        new InstanceId(instance),
        "127.0.0.1:7420",
        "0.1.0",
        AT,
        Optional.of(Duration.ofSeconds(3)),
        ImmutableList.of());
  }

  @Test
  void anEmptyClusterHasTheRecordsOfEveryGateway() throws Exception {
    Member a = start(A);

    CoordinationSnapshot snapshot = a.read();

    assertThat(snapshot.gateways().keySet()).containsExactly(LIVE, PAPER);
    GatewayRecords live = a.gateway(LIVE);
    assertThat(live.election()).isEqualTo(ElectionView.EMPTY);
    assertThat(live.claim().value()).isEmpty();
    assertThat(live.custody().value()).isEmpty();
    assertThat(live.ledger().value()).isEqualTo(LoginLedger.EMPTY);
    assertThat(live.directives().value()).isEqualTo(Directives.NONE);
    assertThat(a.listener().connections()).containsExactly(Connection.CONNECTED);
  }

  @Test
  void aRenewalIsSeenByEverybodyAndStaysInOneSession() throws Exception {
    Member a = start(A);
    Member b = start(B);

    SessionId first = a.renew();
    a.driver().sync();
    SessionId second = a.renew();

    assertThat(second).isEqualTo(first);
    assertThat(b.renew()).isNotEqualTo(first);
    assertThat(b.read().nodes()).containsEntry(A, a.self()).containsEntry(B, b.self());
  }

  @Test
  void theFirstToJoinIsElected() throws Exception {
    Member a = start(A);
    Member b = start(B);

    b.driver().join(LIVE);
    a.driver().join(LIVE);

    assertThat(a.election().candidates()).containsExactly(B, A);
    assertThat(a.election().own()).isPresent();
    assertThat(a.election().ownFirst()).isFalse();
    assertThat(b.election().own()).isPresent();
    assertThat(b.election().ownFirst()).isTrue();
    assertThat(b.ticket()).isNotEqualTo(a.ticket());
  }

  @Test
  void electionsOfDifferentGatewaysAreIndependent() throws Exception {
    Member a = start(A);
    Member b = start(B);

    a.driver().join(LIVE);
    b.driver().join(LIVE);
    b.driver().join(PAPER);

    assertThat(b.gateway(LIVE).election().elected()).contains(A);
    assertThat(b.gateway(PAPER).election().elected()).contains(B);
  }

  @Test
  void joiningTwiceChangesNothing() throws Exception {
    Member a = start(A);
    a.driver().join(LIVE);
    ElectionView before = a.election();

    a.driver().join(LIVE);

    assertThat(a.election()).isEqualTo(before);
  }

  @Test
  void whoLeavesIsGoneAndStandsAtTheEndAfterJoiningAgain() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);
    b.driver().join(LIVE);
    ElectionTicket before = a.ticket();

    a.driver().leave(LIVE);

    assertThat(a.election())
        .isEqualTo(new ElectionView(ImmutableList.of(B), Optional.empty(), false));
    assertThat(b.election().ownFirst()).isTrue();
    a.driver().leave(LIVE);
    a.driver().join(LIVE);
    assertThat(b.election().candidates()).containsExactly(B, A);
    assertThat(a.ticket()).isNotEqualTo(before);
  }

  @Test
  void anEntryIsNotOnesOwnOnceItWasToBeRemovedAndIsGoneInTheEnd() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);
    ElectionTicket ticket = a.ticket();
    disconnect(A);
    eventually(
        "a is told that it is cut off",
        () -> a.listener().connections().getLast() == Connection.SUSPENDED);

    assertTransient(() -> a.driver().leave(LIVE));

    reconnect(A);
    ElectionView view = eventually("a reads again", a::election, _ -> true);
    assertThat(view.own()).isEmpty();
    assertThat(view.ownFirst()).isFalse();
    assertThat(a.write(ticket, claim(a, 1, 0))).isEqualTo(Result.REFUSED);
    eventually("the entry is gone", () -> b.election().candidates().isEmpty());
    a.driver().join(LIVE);
    assertThat(a.ticket()).isNotEqualTo(ticket);
  }

  @Test
  void aWriteChangesAllItsRecordsAtOnce() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);
    GatewayRecords before = a.gateway(LIVE);
    Claim claim = new Claim(new Epoch(1), A, a.self().instance(), AT);
    Custody custody = new Custody(A, a.self().instance(), new Epoch(1), AT);
    LoginLedger ledger = LoginLedger.EMPTY.withStep(new TotpStep(59_000_000));
    Directives directives = Directives.NONE.withPaused(true);
    HighWaterMarks marks =
        new HighWaterMarks(
            ImmutableList.of(new HighWaterMarks.Mark("U1", "USD", new BigDecimal("100.50"), AT)));
    HistoryEntry entry = entry("Claimed", 1);

    Result result =
        a.driver()
            .write(
                new GuardedWrite(
                    LIVE,
                    a.ticket(),
                    ImmutableList.of(),
                    ImmutableList.of(
                        new ClaimUpdate(claim, before.claim().version()),
                        new CustodyUpdate(Optional.of(custody), before.custody().version()),
                        new LedgerUpdate(ledger, before.ledger().version()),
                        new DirectivesUpdate(directives, before.directives().version()),
                        new MarksUpdate(marks, before.marks().version()),
                        new DrillUpdate(
                            drill("drill-1"), Optional.empty(), before.drill().version())),
                    Optional.of(entry)));

    assertThat(result).isEqualTo(Result.COMMITTED);
    GatewayRecords after = b.gateway(LIVE);
    assertThat(after.claim()).isEqualTo(next(before.claim(), Optional.of(claim)));
    assertThat(after.custody()).isEqualTo(next(before.custody(), Optional.of(custody)));
    assertThat(after.ledger()).isEqualTo(next(before.ledger(), ledger));
    assertThat(after.directives()).isEqualTo(next(before.directives(), directives));
    assertThat(after.marks()).isEqualTo(next(before.marks(), marks));
    assertThat(after.drill()).isEqualTo(next(before.drill(), LastDrill.of(drill("drill-1"))));
    assertThat(b.driver().history(LIVE, 10)).containsExactly(entry);
    assertThat(b.driver().history(PAPER, 10)).isEmpty();
  }

  @Test
  void highWaterMarksThatNobodyUnderstandsHideNothingElseAndStopNoTakeover() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);
    b.driver().join(LIVE);
    assertThat(a.write(a.ticket(), claim(a, 1, 0))).isEqualTo(Result.COMMITTED);

    spoilMarks(LIVE);

    assertThat(a.gateway(LIVE).claim().value()).isPresent();
    assertThat(b.gateway(LIVE).marks().value()).isEqualTo(HighWaterMarks.UNREADABLE);
    a.driver().leave(LIVE);
    assertThat(b.election().ownFirst()).isTrue();
    Custody custody = new Custody(B, b.self().instance(), new Epoch(2), AT);
    assertThat(b.write(b.ticket(), claim(b, 2, 1), new CustodyUpdate(Optional.of(custody), 0)))
        .isEqualTo(Result.COMMITTED);
    assertThat(b.gateway(LIVE).custody().value()).contains(custody);
    assertThat(b.gateway(LIVE).marks().value()).isEqualTo(HighWaterMarks.UNREADABLE);
  }

  @Test
  void aDrillThatMakesRoomForTheNextIsListedInTheSameTransaction() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);
    assertThat(a.write(a.ticket(), new DrillUpdate(drill("drill-1"), Optional.empty(), 0)))
        .isEqualTo(Result.COMMITTED);
    assertThat(a.driver().pastDrills(LIVE, 10)).isEmpty();

    DrillUpdate second = new DrillUpdate(drill("drill-2"), Optional.of(drill("drill-1")), 1);
    assertThat(a.write(a.ticket(), second)).isEqualTo(Result.COMMITTED);
    assertThat(a.write(a.ticket(), second)).as("once more").isEqualTo(Result.REFUSED);
    DrillUpdate third = new DrillUpdate(drill("drill-3"), Optional.of(drill("drill-2")), 2);
    assertThat(a.write(a.ticket(), third)).isEqualTo(Result.COMMITTED);

    assertThat(b.gateway(LIVE).drill().value()).isEqualTo(LastDrill.of(drill("drill-3")));
    assertThat(b.driver().pastDrills(LIVE, 10)).containsExactly(drill("drill-2"), drill("drill-1"));
    assertThat(b.driver().pastDrills(LIVE, 1)).containsExactly(drill("drill-2"));
    assertThat(b.driver().pastDrills(PAPER, 10)).isEmpty();
  }

  @Test
  void aDrillThatNobodyUnderstandsHidesNothingElse() throws Exception {
    Member a = start(A);
    a.driver().join(LIVE);
    assertThat(a.write(a.ticket(), claim(a, 1, 0))).isEqualTo(Result.COMMITTED);

    spoilDrill(LIVE);

    assertThat(a.gateway(LIVE).claim().value()).isPresent();
    assertThat(a.gateway(LIVE).drill().value()).isEqualTo(LastDrill.UNREADABLE);
  }

  private static Drill drill(String id) {
    return new Drill(
        id,
        new DrillPlan(
            DrillKind.SWITCHOVER,
            Optional.of(B),
            true,
            Optional.of(Duration.ofMinutes(2)),
            Optional.of(Duration.ofMinutes(15)),
            ImmutableList.of("TRADING_HOURS")),
        "olga",
        "quarterly",
        AT,
        AT.plusSeconds(900),
        Optional.empty(),
        DrillStage.FAULT,
        "under way",
        A,
        new InstanceId("a-1"),
        new Epoch(7),
        ImmutableList.of(new DrillMark(AT, A, new Epoch(7), DrillMark.STARTED)),
        new DrillSight(AT, A, new Epoch(7), 4, 0, Optional.of(2), 1),
        Optional.empty(),
        Optional.empty(),
        ImmutableSortedMap.of(A, "0.1.0", B, "0.1.0"));
  }

  @Test
  void custodyCanBeCleared() throws Exception {
    Member a = start(A);
    a.driver().join(LIVE);
    Custody custody = new Custody(A, a.self().instance(), new Epoch(1), AT);
    assertThat(a.write(a.ticket(), claim(a, 1, 0), new CustodyUpdate(Optional.of(custody), 0)))
        .isEqualTo(Result.COMMITTED);

    Result result = a.write(a.ticket(), new CustodyUpdate(Optional.empty(), 1));

    assertThat(result).isEqualTo(Result.COMMITTED);
    assertThat(a.gateway(LIVE).custody()).isEqualTo(new Versioned<>(Optional.empty(), 2));
  }

  @Test
  void aWriteThatReplacesAnotherVersionChangesNothing() throws Exception {
    Member a = start(A);
    a.driver().join(LIVE);
    GatewayRecords before = a.gateway(LIVE);

    Result result =
        a.driver()
            .write(
                new GuardedWrite(
                    LIVE,
                    a.ticket(),
                    ImmutableList.of(),
                    ImmutableList.of(
                        claim(a, 1, before.claim().version()),
                        new LedgerUpdate(
                            LoginLedger.EMPTY.withStep(new TotpStep(1)),
                            before.ledger().version() + 1)),
                    Optional.of(entry("Claimed", 1))));

    assertThat(result).isEqualTo(Result.REFUSED);
    assertThat(a.gateway(LIVE)).isEqualTo(before);
    assertThat(a.driver().history(LIVE, 10)).isEmpty();
  }

  @Test
  void aWriteWhoseConditionHasMovedChangesNothing() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);
    b.driver().join(LIVE);
    GatewayRecords before = a.gateway(LIVE);
    assertThat(b.write(b.ticket(), new DirectivesUpdate(Directives.NONE.withPaused(true), 0)))
        .isEqualTo(Result.COMMITTED);

    Result result =
        a.driver()
            .write(
                new GuardedWrite(
                    LIVE,
                    a.ticket(),
                    ImmutableList.of(
                        new Condition(RecordName.DIRECTIVES, before.directives().version())),
                    ImmutableList.of(claim(a, 1, before.claim().version())),
                    Optional.empty()));

    assertThat(result).isEqualTo(Result.REFUSED);
    assertThat(a.gateway(LIVE).claim()).isEqualTo(before.claim());
  }

  @Test
  void aWriteNeedsTheWritersOwnTicket() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);

    assertThat(b.write(a.ticket(), claim(b, 1, 0))).isEqualTo(Result.REFUSED);

    ElectionTicket ticket = a.ticket();
    a.driver().leave(LIVE);
    assertThat(a.write(ticket, claim(a, 1, 0))).isEqualTo(Result.REFUSED);
    a.driver().join(LIVE);
    assertThat(a.write(ticket, claim(a, 1, 0))).isEqualTo(Result.REFUSED);
    assertThat(a.gateway(LIVE).claim().value()).isEmpty();
  }

  @Test
  void anExpiredSessionTakesItsEntriesAlongAndANewOneBeginsWithNothing() throws Exception {
    Member a = start(A);
    Member b = start(B);
    SessionId before = a.renew();
    a.driver().join(LIVE);
    b.driver().join(LIVE);
    ElectionTicket ticket = a.ticket();

    expire(before);

    eventually(
        "a is told that its session expired and another one began",
        () ->
            a.listener().connections().contains(Connection.EXPIRED)
                && a.listener().connections().getLast() == Connection.CONNECTED);
    assertThat(b.election().candidates()).containsExactly(B);
    assertThat(b.election().ownFirst()).isTrue();
    assertThat(b.read().nodes().keySet()).containsExactly(B);
    assertThat(a.election().own()).isEmpty();
    assertThat(a.write(ticket, claim(a, 1, 0))).isEqualTo(Result.REFUSED);
    assertThatThrownBy(a.driver()::sync).isInstanceOf(DriverException.class);

    SessionId after = a.renew();
    a.driver().join(LIVE);

    assertThat(after).isNotEqualTo(before);
    assertThat(b.read().nodes().keySet()).containsExactly(A, B);
    assertThat(b.election().candidates()).containsExactly(B, A);
    assertThat(a.ticket()).isNotEqualTo(ticket);
  }

  @Test
  void aLostAnswerIsIndeterminateAndReadBackLater() throws Exception {
    Member a = start(A);
    a.driver().join(LIVE);
    ElectionTicket ticket = a.ticket();
    loseAnswers(A);

    Result result = a.write(ticket, claim(a, 1, 0));

    assertThat(result).isEqualTo(Result.INDETERMINATE);
    reconnect(A);
    GatewayRecords after = eventually("a reads again", () -> a.gateway(LIVE), _ -> true);
    assertThat(after.claim().value().map(Claim::epoch)).contains(new Epoch(1));
    assertThat(after.claim().version()).isEqualTo(1);
    assertThat(after.election().own()).contains(ticket);
  }

  @Test
  void anUnansweredRenewalIsAnErrorAndTheNextOneWorks() throws Exception {
    Member a = start(A);
    SessionId session = a.renew();
    loseAnswers(A);

    assertTransient(a::renew);

    reconnect(A);
    assertThat(eventually("a renews again", a::renew, _ -> true)).isEqualTo(session);
  }

  @Test
  void whileCutOffEveryCallFailsAndTheSessionStays() throws Exception {
    Member a = start(A);
    SessionId session = a.renew();
    a.driver().join(LIVE);
    ElectionTicket ticket = a.ticket();
    disconnect(A);
    eventually(
        "a is told that it is cut off",
        () -> a.listener().connections().getLast() == Connection.SUSPENDED);

    assertTransient(a::renew);
    assertTransient(a::read);
    assertTransient(() -> a.driver().join(PAPER));
    assertTransient(() -> a.driver().leave(LIVE));
    assertTransient(() -> a.driver().record(LIVE, entry("Ceded", 1)));
    assertTransient(() -> a.driver().history(LIVE, 1));
    assertThat(a.write(ticket, claim(a, 1, 0))).isEqualTo(Result.INDETERMINATE);

    reconnect(A);
    eventually(
        "a is told that it is back",
        () -> a.listener().connections().getLast() == Connection.CONNECTED);
    assertThat(eventually("a renews again", a::renew, _ -> true)).isEqualTo(session);
  }

  @Test
  void changesOfOthersAreAnnouncedOncePerRead() throws Exception {
    Member a = start(A);
    Member b = start(B);
    eventually("a sees b", () -> a.read().nodes().containsKey(B));
    eventually("a has heard of all that b did so far", () -> isQuiet(a));
    int before = a.listener().changes();

    b.driver().join(LIVE);
    b.driver().join(PAPER);

    eventually("a is told", () -> a.listener().changes() == before + 1);
    assertThat(a.gateway(LIVE).election().candidates()).containsExactly(B);
    eventually("a has heard of all that b did so far", () -> isQuiet(a));
    int between = a.listener().changes();
    b.driver().leave(LIVE);
    eventually("a is told again", () -> a.listener().changes() == between + 1);
  }

  /** Nothing is announced for a while after a read: no news of before it are under way any more. */
  private static boolean isQuiet(Member member) throws Exception {
    int before = member.listener().changes();
    var _ = member.read();
    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    return member.listener().changes() == before;
  }

  @Test
  void ownRenewalsAreNoChange() throws Exception {
    Member a = start(A);
    a.renew();
    a.read();
    int before = a.listener().changes();

    a.renew();
    a.renew();
    a.driver().record(LIVE, entry("Command", 1));

    eventually("a is told of the new line", () -> a.listener().changes() > before);
    assertThat(a.listener().changes()).isEqualTo(before + 1);
  }

  @Test
  void closingTakesRecordAndEntriesAlong() throws Exception {
    Member a = start(A);
    Member b = start(B);
    a.driver().join(LIVE);
    b.driver().join(LIVE);

    a.driver().close();

    eventually("b is elected", () -> b.election().ownFirst());
    assertThat(b.read().nodes().keySet()).containsExactly(B);
  }

  @Test
  void whatWasWrittenOutlivesItsWriter() throws Exception {
    Member a = start(A);
    a.driver().join(LIVE);
    assertThat(a.write(a.ticket(), claim(a, 7, 0))).isEqualTo(Result.COMMITTED);
    a.driver().close();

    Member again = start(A, "2");

    assertThat(again.gateway(LIVE).claim().value().map(Claim::epoch)).contains(new Epoch(7));
    assertThat(again.read().nodes().get(A)).isEqualTo(again.self());
  }

  @Test
  void aSecondNodeOfTheSameNameIsRefused() throws Exception {
    Member a = start(A);
    Thread renewals = Thread.ofPlatform().daemon().start(() -> renewUntilInterrupted(a));
    try {
      assertThatThrownBy(() -> start(A, "2"))
          .isInstanceOfSatisfying(
              DriverException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(DriverException.Kind.PERMANENT);
                assertThat(e).hasMessageContaining("'a' is already running (instance a-1, at ");
              });
      assertThat(a.read().nodes().get(A)).isEqualTo(a.self());
    } finally {
      renewals.interrupt();
      renewals.join();
    }
  }

  @Test
  void theHistoryIsNewestFirst() throws Exception {
    Member a = start(A);
    for (int i = 1; i <= 5; i++) {
      a.driver().record(LIVE, entry("Command", i));
    }

    assertThat(a.driver().history(LIVE, 3).stream().map(line -> line.epoch().number()))
        .containsExactly(5L, 4L, 3L);
  }

  protected static HistoryEntry entry(String kind, long epoch) {
    return new HistoryEntry(AT, A, new Epoch(epoch), kind, "a", "Took epoch " + epoch);
  }

  protected static ClaimUpdate claim(Member member, long epoch, int version) {
    return new ClaimUpdate(
        new Claim(new Epoch(epoch), member.self().node(), member.self().instance(), AT), version);
  }

  private static <T> Versioned<T> next(Versioned<T> before, T value) {
    return new Versioned<>(value, before.version() + 1);
  }

  private static void assertTransient(ThrowingCall call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT));
  }

  private static void renewUntilInterrupted(Member member) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        SessionId _ = member.renew();
      }
    } catch (DriverException _) {
      // The test is over.
    }
  }

  /** A call that may fail. */
  private interface ThrowingCall {
    void run() throws Exception;
  }
}
