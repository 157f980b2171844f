package io.understudy.node.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillMeasurement;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSight;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.v1.StoredClaim;
import io.understudy.v1.StoredCustody;
import io.understudy.v1.StoredDirectives;
import io.understudy.v1.StoredLedger;
import io.understudy.v1.StoredMark;
import io.understudy.v1.StoredMarks;
import io.understudy.v1.StoredNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StoredRecordsTest {
  private static final Instant AT = Instant.parse("2026-11-20T10:15:30.123456789Z");
  private static final NodeId NODE = new NodeId("a");
  private static final InstanceId INSTANCE = new InstanceId("a-1");
  private static final GatewayId LIVE = new GatewayId("live");
  private static final Epoch EPOCH = new Epoch(7);

  @Test
  void aNodeRecordReturnsWithEveryField() throws Exception {
    ReconciliationReport report =
        new ReconciliationReport(
            12,
            ImmutableList.of(
                new Discrepancy(
                    "id-1",
                    "account",
                    "265598",
                    "STK",
                    new BigDecimal("100.00"),
                    new BigDecimal("-0.000000000000000000001"),
                    new BigDecimal("1E+3"))),
            3,
            -1);
    NodeRecord record =
        node(
            Optional.of(Duration.ofMillis(-1500)),
            ImmutableList.of(
                cell(Phase.SERVING, ProcessState.LISTENING, SessionState.ESTABLISHED, report),
                cell(
                    Phase.STANDBY,
                    ProcessState.STOPPED,
                    SessionState.UNKNOWN,
                    new ReconciliationReport(0, ImmutableList.of(), 0, 0))));

    assertThat(StoredRecords.decodeNode(StoredRecords.encode(record))).isEqualTo(record);
  }

  @Test
  void aNodeRecordWithoutLeaseAndCellsReturns() throws Exception {
    NodeRecord record = node(Optional.empty(), ImmutableList.of());

    assertThat(StoredRecords.decodeNode(StoredRecords.encode(record))).isEqualTo(record);
  }

  @ParameterizedTest
  @EnumSource
  void everyPhaseReturns(Phase phase) throws Exception {
    assertReturns(cell(phase, ProcessState.UNKNOWN, SessionState.UNKNOWN, EMPTY_REPORT));
  }

  @ParameterizedTest
  @EnumSource
  void everyProcessStateReturns(ProcessState process) throws Exception {
    assertReturns(cell(Phase.STANDBY, process, SessionState.UNKNOWN, EMPTY_REPORT));
  }

  @ParameterizedTest
  @EnumSource
  void everySessionStateReturns(SessionState session) throws Exception {
    assertReturns(cell(Phase.STANDBY, ProcessState.UNKNOWN, session, EMPTY_REPORT));
  }

  @Test
  void highWaterMarksReturnToTheLastDigitAndInTheirOrder() throws Exception {
    HighWaterMarks marks =
        new HighWaterMarks(
            ImmutableList.of(
                new HighWaterMarks.Mark("U2", "USD", new BigDecimal("1234567.89"), AT),
                new HighWaterMarks.Mark("U1", "EUR", new BigDecimal("-0.10"), AT)));

    assertThat(StoredRecords.decodeMarks(StoredRecords.encode(marks))).isEqualTo(marks);
  }

  @Test
  void highWaterMarksThatCannotBeReadAreNoErrorButAreMarkedAsSuch() {
    for (byte[] bytes :
        ImmutableList.of(
            "not a message".getBytes(StandardCharsets.UTF_8),
            marks("U1", "many dollars"),
            marks("U1", ""),
            marks("U1", "1E+999999999"),
            marks("U1", "1E-2147483647"),
            marks("U1", "9".repeat(100_000)))) {
      assertThat(StoredRecords.decodeMarks(bytes)).isEqualTo(HighWaterMarks.UNREADABLE);
    }
  }

  @Test
  void moreHighWaterMarksThanThereMayBeAreCut() {
    StoredMarks.Builder many = StoredMarks.newBuilder();
    for (int account = 1; account <= 40; account++) {
      many.addMarks(mark("U" + account, "1"));
    }

    HighWaterMarks marks = StoredRecords.decodeMarks(many.build().toByteArray());

    assertThat(marks.readable()).isTrue();
    assertThat(marks.marks()).hasSize(HighWaterMarks.ACCOUNTS_MAX);
    assertThat(marks.number("U16")).contains(16);
  }

  private static byte[] marks(String account, String netLiquidation) {
    return StoredMarks.newBuilder().addMarks(mark(account, netLiquidation)).build().toByteArray();
  }

  private static StoredMark mark(String account, String netLiquidation) {
    return StoredMark.newBuilder()
        .setAccount(account)
        .setCurrency("USD")
        .setNetLiquidation(netLiquidation)
        .build();
  }

  @Test
  void aClaimReturns() throws Exception {
    Claim claim = new Claim(new Epoch(Long.MAX_VALUE), NODE, INSTANCE, AT);

    assertThat(StoredRecords.decodeClaim(StoredRecords.encode(claim))).contains(claim);
  }

  @Test
  void custodyReturnsWhetherSomebodyHasItOrNot() throws Exception {
    Optional<Custody> custody = Optional.of(new Custody(NODE, INSTANCE, EPOCH, AT));

    assertThat(StoredRecords.decodeCustody(StoredRecords.encodeCustody(custody)))
        .isEqualTo(custody);
    assertThat(StoredRecords.decodeCustody(StoredRecords.encodeCustody(Optional.empty())))
        .isEmpty();
  }

  @Test
  void aLedgerReturnsWithEveryVerdict() throws Exception {
    ImmutableList<LoginAttempt> attempts =
        Arrays.stream(LoginAttempt.Verdict.values())
            .map(verdict -> new LoginAttempt("id-" + verdict, NODE, EPOCH, AT, verdict))
            .collect(ImmutableList.toImmutableList());
    LoginLedger ledger =
        new LoginLedger(
            attempts,
            Optional.of(new TotpStep(0)),
            Optional.of(AT),
            "three refusals in a row",
            Optional.of(AT.minusSeconds(60)));

    assertThat(StoredRecords.decodeLedger(StoredRecords.encode(ledger))).isEqualTo(ledger);
  }

  @Test
  void aLockUntilAnOperatorActsReturns() throws Exception {
    LoginLedger ledger = LoginLedger.EMPTY.locked(Instant.MAX, "locked");

    assertThat(StoredRecords.decodeLedger(StoredRecords.encode(ledger))).isEqualTo(ledger);
  }

  @Test
  void directivesReturnWithEveryField() throws Exception {
    Directives directives =
        new Directives(
            true,
            true,
            true,
            Optional.of(
                new Directives.Switchover(NODE, new NodeId("b"), EPOCH, true, "request-1", AT)),
            "request-2",
            ImmutableList.of("id-1", "id-2"),
            EPOCH,
            ImmutableList.of(
                new Directives.CompletedRequest(
                    "request-1", "failover", "alice", "maintenance", EPOCH, AT)));

    assertThat(StoredRecords.decodeDirectives(StoredRecords.encode(directives)))
        .isEqualTo(directives);
  }

  @ParameterizedTest
  @EnumSource
  void aDrillOfEveryKindReturnsWithEveryField(DrillKind kind) {
    DrillSight sight = new DrillSight(AT, NODE, EPOCH, 4, 1, Optional.of(0), 2);
    Drill drill =
        new Drill(
            "drill-1",
            new DrillPlan(
                kind,
                Optional.of(new NodeId("b")),
                true,
                Optional.of(Duration.ofMillis(1500)),
                Optional.of(Duration.ofMinutes(15)),
                ImmutableList.of("TRADING_HOURS", "RECENT_TAKEOVER")),
            "olga",
            "quarterly",
            AT,
            AT.plusSeconds(900),
            Optional.of(AT.plusSeconds(60)),
            DrillStage.PASSED,
            "passed: …",
            NODE,
            INSTANCE,
            EPOCH,
            ImmutableList.of(
                new DrillMark(AT, NODE, EPOCH, DrillMark.STARTED),
                new DrillMark(AT, new NodeId("b"), EPOCH.next(), DrillMark.GATE_OPEN)),
            sight,
            Optional.of(sight),
            Optional.of(
                new DrillMeasurement(
                    "desk",
                    Duration.ofMillis(100),
                    Duration.ofSeconds(12),
                    Optional.of(Duration.ofSeconds(9)),
                    300,
                    290,
                    1)),
            ImmutableSortedMap.of(NODE, "0.1.0", new NodeId("b"), "0.2.0"));

    assertThat(StoredRecords.decodeDrill(StoredRecords.encode(drill)))
        .isEqualTo(LastDrill.of(drill));
  }

  @ParameterizedTest
  @EnumSource
  void aDrillAtEveryStageReturnsWithNothingThatIsNotThere(DrillStage stage) {
    Drill drill =
        new Drill(
            "drill-1",
            new DrillPlan(
                DrillKind.CRASH,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                ImmutableList.of()),
            "",
            "",
            AT,
            AT,
            Optional.empty(),
            stage,
            "",
            NODE,
            INSTANCE,
            EPOCH,
            ImmutableList.of(),
            new DrillSight(AT, NODE, EPOCH, 0, 0, Optional.empty(), 0),
            Optional.empty(),
            Optional.empty(),
            ImmutableSortedMap.of());

    assertThat(StoredRecords.decodeDrill(StoredRecords.encode(drill)))
        .isEqualTo(LastDrill.of(drill));
  }

  @Test
  void aDrillOfALaterVersionIsNoErrorButMarkedAsUnreadable() {
    byte[] later =
        io.understudy.v1.Drill.newBuilder()
            .setId("drill-1")
            .setOrigin("a")
            .setPlan(io.understudy.v1.DrillPlan.newBuilder().setKindValue(99))
            .build()
            .toByteArray();

    for (byte[] bytes : ImmutableList.of(later, "no message".getBytes(StandardCharsets.UTF_8))) {
      assertThat(StoredRecords.decodeDrill(bytes)).isEqualTo(LastDrill.UNREADABLE);
    }
  }

  @Test
  void aHistoryEntryReturns() throws Exception {
    HistoryEntry entry = new HistoryEntry(AT, NODE, EPOCH, "Claimed", "a", "Took the epoch");

    assertThat(StoredRecords.decodeHistoryEntry(StoredRecords.encode(entry))).isEqualTo(entry);
  }

  @Test
  void noBytesMeanThatARecordWasNeverWritten() throws Exception {
    byte[] none = new byte[0];

    assertThat(StoredRecords.decodeClaim(none)).isEmpty();
    assertThat(StoredRecords.decodeCustody(none)).isEmpty();
    assertThat(StoredRecords.decodeLedger(none)).isEqualTo(LoginLedger.EMPTY);
    assertThat(StoredRecords.decodeDirectives(none)).isEqualTo(Directives.NONE);
    assertThat(StoredRecords.decodeMarks(none)).isEqualTo(HighWaterMarks.NONE);
    assertThat(StoredRecords.decodeDrill(none)).isEqualTo(LastDrill.NONE);
  }

  @Test
  void bytesOfAnotherFormatAreRefused() {
    byte[] text = "not a message".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> StoredRecords.decodeLedger(text))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void valuesThatTheCoreDoesNotKnowAreRefused() {
    byte[] badName = StoredNode.newBuilder().setNode("Not A Name").build().toByteArray();
    byte[] badPhase =
        StoredNode.newBuilder()
            .setNode("a")
            .addCells(io.understudy.v1.Cell.newBuilder().setGateway("live").setPhaseValue(99))
            .build()
            .toByteArray();

    assertThatThrownBy(() -> StoredRecords.decodeNode(badName))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("Not A Name");
    assertThatThrownBy(() -> StoredRecords.decodeNode(badPhase))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("phase");
  }

  @Test
  void aRecordOfALaterFormatIsRefusedEvenWhenItSaysNobody() {
    ImmutableMap<MessageLite, Decoder> records =
        ImmutableMap.of(
            StoredNode.newBuilder().setNode("a").setFormat(1).build(),
            StoredRecords::decodeNode,
            StoredClaim.newBuilder().setFormat(1).build(),
            StoredRecords::decodeClaim,
            StoredCustody.newBuilder().setFormat(1).build(),
            StoredRecords::decodeCustody,
            StoredLedger.newBuilder().setFormat(-1).build(),
            StoredRecords::decodeLedger,
            StoredDirectives.newBuilder().setFormat(1).build(),
            StoredRecords::decodeDirectives);

    records.forEach((record, decoder) ->
        assertThatThrownBy(() -> decoder.decode(record.toByteArray()))
            .isInstanceOf(MalformedMessageException.class)
            .hasMessageMatching(
                "it has format (1|4294967295), and this version knows none above 0: install the"
                    + " version that wrote it on this node, or a later one"));
  }

  @Test
  void aFieldOfALaterVersionIsPassedOver() throws Exception {
    byte[] later =
        StoredDirectives.newBuilder()
            .setPaused(true)
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())
            .build()
            .toByteArray();

    assertThat(StoredRecords.decodeDirectives(later).paused()).isTrue();
  }

  private interface Decoder {
    Object decode(byte[] bytes) throws MalformedMessageException;
  }

  private static final ReconciliationReport EMPTY_REPORT =
      new ReconciliationReport(0, ImmutableList.of(), 0, -1);

  private static void assertReturns(CellRecord cell) throws MalformedMessageException {
    NodeRecord record = node(Optional.empty(), ImmutableList.of(cell));
    assertThat(StoredRecords.decodeNode(StoredRecords.encode(record))).isEqualTo(record);
  }

  private static NodeRecord node(
      Optional<Duration> leaseRemaining, ImmutableList<CellRecord> cells) {
    return new NodeRecord(NODE, INSTANCE, "127.0.0.1:7420", "0.1.0", AT, leaseRemaining, cells);
  }

  private static CellRecord cell(
      Phase phase, ProcessState process, SessionState session, ReconciliationReport report) {
    return new CellRecord(
        LIVE,
        phase,
        EPOCH,
        AT,
        new Reason("Elected", "Elected as the first of two"),
        true,
        true,
        process,
        session,
        "Answers on its port",
        Optional.of(report));
  }
}
