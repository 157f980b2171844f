package io.understudy.node.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.CellSettings.CompetingPolicy;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Observations.AccountLook;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.Directives.CompletedRequest;
import io.understudy.node.core.leadership.Directives.Switchover;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.node.loop.NodeStatus;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A cluster of the nodes {@code a} (which answers) and {@code b} with the gateway {@code live}, as
 * a test tells it step by step. Time moves only by {@link #after}. Not for several threads.
 */
public final class ClusterScript {
  public static final GatewayId LIVE = new GatewayId("live");
  public static final NodeId A = new NodeId("a");
  public static final NodeId B = new NodeId("b");

  /** How the gateway is run: a budget of three, and a window from Saturday night on. */
  public static final CellSettings SETTINGS =
      new CellSettings(
          LIVE,
          SecondFactorKind.TOTP,
          CompetingPolicy.YIELD,
          false,
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          3,
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          2,
          ImmutableList.of(
              new MaintenanceWindow(
                  ImmutableSet.of(DayOfWeek.SATURDAY),
                  LocalTime.of(23, 45),
                  LocalTime.of(0, 45),
                  ZoneOffset.UTC)));

  private static final InstanceId INSTANCE = new InstanceId("i1");

  private final Map<NodeId, CellRecord> cells = new TreeMap<>();
  private Instant now = Instant.parse("2026-11-20T12:00:00Z");
  private boolean connected = true;
  private boolean snapshot = true;
  private Optional<Duration> lease = Optional.of(Duration.ofSeconds(5));
  private ImmutableList<NodeId> candidates = ImmutableList.of(A, B);
  private Epoch claimed = Epoch.NONE;
  private Optional<Custody> custody = Optional.empty();
  private LoginLedger ledger = LoginLedger.EMPTY;
  private Directives directives = Directives.NONE;
  private HighWaterMarks marks = HighWaterMarks.NONE;
  private LastDrill drill = LastDrill.NONE;
  private ImmutableMap<GatewayId, AccountLook> accounts = ImmutableMap.of();
  private ImmutableMap<GatewayId, Boolean> codeRequested = ImmutableMap.of();
  private ImmutableMap<GatewayId, String> loginProgress = ImmutableMap.of();
  private ImmutableMap<NodeId, PeerView> peers = ImmutableMap.of();
  private ImmutableList<ServerView> servers = ImmutableList.of();
  private int version;
  private long passes;

  public ClusterScript() {
    cell(A, Phase.STANDBY, 0);
    cell(B, Phase.STANDBY, 0);
  }

  public ClusterScript after(Duration duration) {
    now = now.plus(duration);
    return this;
  }

  public Instant now() {
    return now;
  }

  /** The cell enters the phase now. */
  public ClusterScript cell(NodeId node, Phase phase, long epoch) {
    boolean serves = phase == Phase.SERVING;
    return cell(
        node,
        new CellRecord(
            LIVE,
            phase,
            new Epoch(epoch),
            now,
            new Reason("Is" + phase.name(), "the cell is " + phase),
            phase == Phase.STANDBY,
            serves,
            phase == Phase.STANDBY ? ProcessState.STOPPED : ProcessState.LISTENING,
            serves ? SessionState.ESTABLISHED : SessionState.LOGGED_OUT,
            "seen",
            Optional.empty()));
  }

  public ClusterScript cell(NodeId node, CellRecord cell) {
    cells.put(node, cell);
    version++;
    return this;
  }

  public ClusterScript session(NodeId node, SessionState session) {
    CellRecord c = cellOf(node);
    return cell(
        node,
        new CellRecord(
            c.gateway(),
            c.phase(),
            c.epoch(),
            c.phaseSince(),
            c.reason(),
            c.ready(),
            c.gateOpen(),
            c.process(),
            session,
            c.gatewayDetail(),
            c.reconciliation()));
  }

  public ClusterScript gate(NodeId node, boolean open) {
    CellRecord c = cellOf(node);
    return cell(
        node,
        new CellRecord(
            c.gateway(),
            c.phase(),
            c.epoch(),
            c.phaseSince(),
            c.reason(),
            c.ready(),
            open,
            c.process(),
            c.session(),
            c.gatewayDetail(),
            c.reconciliation()));
  }

  public ClusterScript reconciled(NodeId node, ReconciliationReport report) {
    CellRecord c = cellOf(node);
    return cell(
        node,
        new CellRecord(
            c.gateway(),
            c.phase(),
            c.epoch(),
            c.phaseSince(),
            c.reason(),
            c.ready(),
            c.gateOpen(),
            c.process(),
            c.session(),
            c.gatewayDetail(),
            Optional.of(report)));
  }

  public ClusterScript reason(NodeId node, String code, String sentence) {
    CellRecord c = cellOf(node);
    return cell(
        node,
        new CellRecord(
            c.gateway(),
            c.phase(),
            c.epoch(),
            c.phaseSince(),
            new Reason(code, sentence),
            c.ready(),
            c.gateOpen(),
            c.process(),
            c.session(),
            c.gatewayDetail(),
            c.reconciliation()));
  }

  /** The node's record vanishes with its session. */
  public ClusterScript gone(NodeId node) {
    cells.remove(node);
    candidates =
        candidates.stream().filter(c -> !c.equals(node)).collect(ImmutableList.toImmutableList());
    return this;
  }

  public ClusterScript elected(NodeId... inOrder) {
    candidates = ImmutableList.copyOf(inOrder);
    return this;
  }

  public ClusterScript claimed(long epoch) {
    claimed = new Epoch(epoch);
    version++;
    return this;
  }

  public ClusterScript custody(NodeId node, long epoch) {
    custody = Optional.of(new Custody(node, INSTANCE, new Epoch(epoch), now));
    version++;
    return this;
  }

  public ClusterScript noCustody() {
    custody = Optional.empty();
    version++;
    return this;
  }

  public ClusterScript ledger(LoginLedger value) {
    ledger = value;
    version++;
    return this;
  }

  public LoginLedger ledger() {
    return ledger;
  }

  public ClusterScript directives(UnaryOperator<Directives> change) {
    directives = change.apply(directives);
    version++;
    return this;
  }

  /** The request's acceptance becomes part of what is read from coordination. */
  public ClusterScript accepted(String requestId) {
    return directives(d ->
        d.withCompleted(new CompletedRequest(requestId, "Command", "olga", "why", claimed, now)));
  }

  public ClusterScript switchover(NodeId from, NodeId target, long asOf, String requestId) {
    return directives(d ->
        d.withSwitchover(
            Optional.of(new Switchover(from, target, new Epoch(asOf), false, requestId, now))));
  }

  public ClusterScript connected(boolean value) {
    connected = value;
    return this;
  }

  /** No node has a lease any more. */
  public ClusterScript withoutLease() {
    lease = Optional.empty();
    return this;
  }

  /** Nothing has been read from coordination yet. */
  public ClusterScript withoutSnapshot() {
    snapshot = false;
    return this;
  }

  public ClusterScript codeRequested(boolean value) {
    codeRequested = value ? ImmutableMap.of(LIVE, true) : ImmutableMap.of();
    return this;
  }

  public ClusterScript loginSays(String sentence) {
    loginProgress = ImmutableMap.of(LIVE, sentence);
    return this;
  }

  /** Node {@code a} probes this node with this result. */
  public ClusterScript peer(PeerView view) {
    peers =
        ImmutableMap.<NodeId, PeerView>builder()
            .putAll(peers)
            .put(view.node(), view)
            .buildKeepingLast();
    return this;
  }

  public ClusterScript servers(ServerView... views) {
    servers = ImmutableList.copyOf(views);
    return this;
  }

  /** The account was looked at now, and its marks are kept. */
  public ClusterScript account(AccountReading reading) {
    accounts = ImmutableMap.of(LIVE, new AccountLook(reading, new MonotonicTime(passes), now));
    marks = marks.raisedBy(reading.accounts(), now);
    version++;
    return this;
  }

  public ClusterScript drill(Drill last) {
    drill = LastDrill.of(last);
    version++;
    return this;
  }

  /** The status of node {@code a} after one more pass. */
  public NodeStatus status() {
    passes++;
    return new NodeStatus(
        now,
        "demo",
        record(A),
        connected,
        snapshot ? Optional.of(snapshot()) : Optional.empty(),
        Duration.ofMillis(100),
        ImmutableMap.of(B, Duration.ofMillis(400)),
        ImmutableMap.of(LIVE, Duration.ofMillis(3_200)),
        codeRequested,
        loginProgress,
        peers,
        servers,
        accounts,
        3,
        Duration.ofMillis(2),
        passes);
  }

  private CoordinationSnapshot snapshot() {
    ImmutableSortedMap.Builder<NodeId, NodeRecord> nodes = ImmutableSortedMap.naturalOrder();
    cells.keySet().forEach(node -> nodes.put(node, record(node)));
    Optional<Claim> claim =
        candidates.stream()
            .findFirst()
            .filter(_ -> claimed.isAfter(Epoch.NONE))
            .map(node -> new Claim(claimed, node, INSTANCE, now));
    GatewayRecords records =
        new GatewayRecords(
            new ElectionView(candidates, Optional.empty(), false),
            new Versioned<>(claim, version),
            new Versioned<>(custody, version),
            new Versioned<>(ledger, version),
            new Versioned<>(directives, version),
            new Versioned<>(marks, version),
            new Versioned<>(drill, version));
    return new CoordinationSnapshot(nodes.buildOrThrow(), ImmutableMap.of(LIVE, records));
  }

  private NodeRecord record(NodeId node) {
    return new NodeRecord(
        node,
        INSTANCE,
        node + ".example:7443",
        "0.1.0",
        now,
        lease,
        Optional.ofNullable(cells.get(node)).map(ImmutableList::of).orElseGet(ImmutableList::of));
  }

  private CellRecord cellOf(NodeId node) {
    CellRecord cell = cells.get(node);
    if (cell == null) {
      throw new IllegalStateException("no cell on " + node);
    }
    return cell;
  }
}
