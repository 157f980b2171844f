package io.understudy.node.api;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.grpc.Status;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.DriverException;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Condition;
import io.understudy.v1.ConditionStatus;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.Event;
import io.understudy.v1.Gateway;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.ListHistoryRequest;
import io.understudy.v1.ListHistoryResponse;
import io.understudy.v1.Node;
import io.understudy.v1.WatchEventsRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What anybody may read: the cluster, its events, its history. */
class ReadsTest {
  private final ClusterScript script = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(script.status());
  private final InProcessApi api = new InProcessApi(control);

  @AfterEach
  void close() {
    api.close();
  }

  private Cluster cluster() {
    return ControlPlaneGrpc.newBlockingStub(api.as(CallerRole.VIEWER, "vera"))
        .getCluster(GetClusterRequest.getDefaultInstance());
  }

  private Received<Event> watch(String gateway) {
    Received<Event> received = new Received<>();
    ControlPlaneGrpc.newStub(api.operator())
        .watchEvents(WatchEventsRequest.newBuilder().setGateway(gateway).build(), received);
    return received;
  }

  private static HistoryEntry line(String kind, String sentence) {
    return new HistoryEntry(
        Instant.parse("2026-11-20T12:00:00Z"), A, new Epoch(7), kind, "a", sentence);
  }

  @Test
  void theClusterShowsWhoLeadsWhyAndUnderWhichEpoch() {
    script.elected(A, B).claimed(7).custody(A, 7).cell(A, Phase.SERVING, 7);
    control.publish(script.status());
    Cluster cluster = cluster();
    assertThat(cluster.getName()).isEqualTo("demo");
    assertThat(cluster.getAnsweredBy()).isEqualTo("a");
    assertThat(cluster.getStale()).isFalse();
    Gateway live = cluster.getGateways(0);
    assertThat(live.getLeader()).isEqualTo("a");
    assertThat(live.getEpoch()).isEqualTo(7);
    assertThat(live.getCustody().getNode()).isEqualTo("a");
    assertThat(live.getLoginBudget().getFailuresMax()).isEqualTo(3);
    Cell cell = live.getCells(0);
    assertThat(cell.getLeader()).isTrue();
    assertThat(cell.getGateOpen()).isTrue();
    assertThat(cell.getWhy().getSentence()).isEqualTo("the cell is SERVING");
    assertThat(live.getCells(1).getLeader()).isFalse();
  }

  @Test
  void aStandbySaysThatItWaitsForTheLeadersLeaseAndTheLeaderDoesNot() {
    script.elected(B, A).cell(B, Phase.SERVING, 7).cell(A, Phase.STANDBY, 0);
    control.publish(script.status());
    Gateway live = cluster().getGateways(0);
    assertThat(WireTimes.duration(live.getCells(0).getMayLeadIn()))
        .isEqualTo(Duration.ofMillis(3_200));
    assertThat(live.getCells(1).hasMayLeadIn()).isFalse();
  }

  @Test
  void theLeaseOfAnotherNodeShrinksWithTheTimeSinceItSpoke() {
    assertThat(cluster().getNodesList())
        .extracting(node -> node.getLeaseRemaining().getSeconds())
        .containsExactly(5L, 4L);
  }

  @Test
  void nodesHaveConditionsWithReasons() {
    Node a = cluster().getNodes(0);
    assertThat(a.getConditionsList())
        .extracting(Condition::getType)
        .containsExactly("Registered", "LeaseHeld", "Ready", "Connected");
    assertThat(a.getConditionsList())
        .allSatisfy(condition -> {
          assertThat(condition.getStatus()).isEqualTo(ConditionStatus.CONDITION_STATUS_TRUE);
          assertThat(condition.getReason().getSentence()).isNotEmpty();
        });
  }

  @Test
  void whatTheProbesSayOfAPeerIsPartOfIt() {
    script.peer(
        new PeerView(
            B,
            false,
            script.now(),
            Optional.of(Duration.ofMillis(12)),
            Optional.of(Duration.ofMillis(-3)),
            Optional.empty(),
            Optional.of("0.1.0"),
            ImmutableList.of(
                new PeerCondition(
                    PeerCondition.Type.PEER_UNREACHABLE_BUT_REGISTERED, "it does not answer"))));
    script.servers(new ServerView("10.77.0.3:2281", false, "does not answer: timeout"));
    control.publish(script.status());

    Cluster cluster = cluster();
    Node b = cluster.getNodes(1);
    assertThat(WireTimes.duration(b.getLink().getClockOffset())).isEqualTo(Duration.ofMillis(-3));
    assertThat(b.getLink().hasHandshakeAge()).isFalse();
    assertThat(b.getConditionsList())
        .filteredOn(c -> c.getStatus() == ConditionStatus.CONDITION_STATUS_TRUE)
        .extracting(Condition::getType)
        .contains("PeerUnreachableButRegistered")
        .doesNotContain("Reachable", "SplitView");
    assertThat(b.getConditionsList())
        .extracting(Condition::getType)
        .contains("Reachable", "ClockSkew", "TunnelStale", "SplitView", "VersionSkew");
    assertThat(cluster.getNodes(0).hasLink()).isFalse();
    assertThat(cluster.getServers(0).getUp()).isFalse();
  }

  @Test
  void aNodeWhoseSessionIsGoneIsShownAsNotRegistered() {
    script.gone(B);
    control.publish(script.status());
    Node b = cluster().getNodes(1);
    assertThat(b.getId()).isEqualTo("b");
    assertThat(b.getRegistered()).isFalse();
  }

  @Test
  void withoutQuorumThePictureIsStaleAndRegistrationUnknown() {
    script.connected(false);
    control.publish(script.status());
    Cluster cluster = cluster();
    assertThat(cluster.getStale()).isTrue();
    assertThat(cluster.getNodes(0).getConditions(0).getStatus())
        .isEqualTo(ConditionStatus.CONDITION_STATUS_UNKNOWN);
  }

  @Test
  void beforeTheFirstSnapshotTheOwnCellIsShown() {
    script.withoutSnapshot().connected(false);
    control.publish(script.status());
    Gateway live = cluster().getGateways(0);
    assertThat(live.getCellsList()).extracting(Cell::getNode).containsExactly("a");
    assertThat(live.hasDirectives()).isFalse();
  }

  @Test
  void aLockUntilAnOperatorActsLiesInTheFarFuture() {
    script.ledger(LoginLedger.EMPTY.locked(Instant.MAX, "three failures"));
    control.publish(script.status());
    assertThat(cluster().getGateways(0).getLoginBudget().getLockedUntil().getSeconds())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());
  }

  @Test
  void aWatcherGetsThePictureFirstAndThenAtEachChangeButNotWithTimeAlone() {
    Received<Event> events = watch("");
    assertThat(events.take().getCluster().getGateways(0).getCells(0).getPhase())
        .isEqualTo(io.understudy.v1.Phase.PHASE_STANDBY);
    for (int pass = 0; pass < 5; pass++) {
      script.after(Duration.ofSeconds(1));
      control.publish(script.status());
    }
    script.cell(A, Phase.CLAIMING, 1);
    control.publish(script.status());
    assertThat(events.take().getCluster().getGateways(0).getCells(0).getPhase())
        .isEqualTo(io.understudy.v1.Phase.PHASE_CLAIMING);
  }

  @Test
  void aWatcherGetsNewHistoryLinesAndNotTheOldOnes() {
    control.history(ImmutableList.of(line("Claimed", "claimed")));
    Received<Event> events = watch("live");
    events.take();
    // The picture changes again when the last transition has been read.
    assertThat(events.takeUntil(e -> e.getCluster().getGateways(0).hasLastTransition()))
        .isNotNull();
    control.history(
        ImmutableList.of(
            line("Command", "pause: why"), line("Serving", "serving"), line("Claimed", "claimed")));
    script.cell(A, Phase.SERVING, 7);
    control.publish(script.status());
    Event first = events.takeUntil(Event::hasEntry);
    Event second = events.takeUntil(Event::hasEntry);
    assertThat(first.getEntry().getSentence()).isEqualTo("serving");
    assertThat(second.getEntry().getSentence()).isEqualTo("pause: why");
    assertThat(cluster().getGateways(0).getLastTransition().getKind()).isEqualTo("Serving");
  }

  @Test
  void aWatchOfAnUnknownGatewayIsRefused() {
    assertThat(watch("paper").refusal().getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void historyComesNewestFirstAndLimited() {
    control.history(ImmutableList.of(line("Serving", "2"), line("Claimed", "1")));
    ListHistoryResponse response =
        ControlPlaneGrpc.newBlockingStub(api.operator())
            .listHistory(ListHistoryRequest.newBuilder().setGateway("live").setLimit(1).build());
    assertThat(response.getEntriesList())
        .singleElement()
        .satisfies(entry -> assertThat(entry.getSentence()).isEqualTo("2"));
  }

  @Test
  void historyWithoutCoordinationIsToBeRetried() {
    control.failHistory(DriverException.transientError("ZooKeeper does not answer"));
    Received<ListHistoryResponse> received = new Received<>();
    ControlPlaneGrpc.newStub(api.operator())
        .listHistory(ListHistoryRequest.newBuilder().setGateway("live").build(), received);
    assertThat(received.refusal().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(ErrorInfos.of(received.refusal()).getReason()).isEqualTo("NO_QUORUM");
  }
}
