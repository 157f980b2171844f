package io.understudy.node.api;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.wire.ShownMessages;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Condition;
import io.understudy.v1.ConditionStatus;
import io.understudy.v1.Gateway;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.Node;
import io.understudy.v1.Reason;
import java.time.Duration;
import java.util.Optional;

/** The status of a node as the message that operators see. Pure. */
public final class ClusterView {
  private ClusterView() {}

  /**
   * The whole picture.
   *
   * @param transitions per gateway the last transition, where known
   */
  public static Cluster of(NodeStatus status, ImmutableMap<GatewayId, HistoryEntry> transitions) {
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(status.clusterName())
            .setAnsweredBy(status.self().node().value())
            .setAt(WireTimes.timestamp(status.at()))
            .setStale(!status.connected())
            .setAge(WireTimes.duration(status.clusterAge()));
    ImmutableSortedMap<NodeId, NodeRecord> nodes = GatewayView.nodes(status);
    nodes.values().forEach(record -> cluster.addNodes(node(status, record)));
    status.lastContact().keySet().stream()
        .filter(id -> !nodes.containsKey(id))
        .forEach(id -> cluster.addNodes(absentNode(status, id)));
    status.servers().forEach(server -> cluster.addServers(LinkView.server(server)));
    for (GatewayId id : GatewayView.gateways(status)) {
      Gateway.Builder gateway = gateway(status, GatewayView.of(status, id));
      Optional.ofNullable(transitions.get(id)).ifPresent(gateway::setLastTransition);
      cluster.addGateways(gateway);
    }
    return cluster.build();
  }

  /** The picture of one gateway only. */
  static Cluster only(Cluster cluster, GatewayId gateway) {
    return cluster.toBuilder()
        .clearGateways()
        .addAllGateways(
            cluster.getGatewaysList().stream()
                .filter(candidate -> candidate.getId().equals(gateway.value()))
                .toList())
        .build();
  }

  /** The picture without what changes by the mere passing of time: for "has anything changed?". */
  public static Cluster timeless(Cluster cluster) {
    Cluster.Builder timeless = cluster.toBuilder().clearAt().clearAge();
    for (Node.Builder node : timeless.getNodesBuilderList()) {
      LinkView.timeless(node.clearLeaseRemaining().clearLastContact());
    }
    timeless
        .getGatewaysBuilderList()
        .forEach(gateway -> gateway.getCellsBuilderList().forEach(Cell.Builder::clearMayLeadIn));
    return timeless.build();
  }

  private static Node node(NodeStatus status, NodeRecord record) {
    boolean self = record.node().equals(status.self().node());
    Duration contact = status.lastContact().getOrDefault(record.node(), Duration.ZERO);
    Duration silence = self ? Duration.ZERO : contact;
    Optional<Duration> lease =
        record
            .leaseRemaining()
            .map(remaining -> remaining.minus(silence))
            .filter(remaining -> remaining.isPositive());
    Node.Builder node =
        Node.newBuilder()
            .setId(record.node().value())
            .setAddress(record.peerAddress())
            .setVersion(record.version())
            .setRegistered(registered(status, record.node()))
            .setLastContact(WireTimes.duration(silence))
            .addConditions(registeredCondition(status, record.node()))
            .addConditions(leaseCondition(lease))
            .addConditions(readyCondition(record));
    if (self) {
      node.addConditions(connectedCondition(status));
    }
    LinkView.add(node, status, record.node());
    lease.map(WireTimes::duration).ifPresent(node::setLeaseRemaining);
    return node.build();
  }

  /** A node that was seen once and has no record now. */
  private static Node absentNode(NodeStatus status, NodeId id) {
    Node.Builder node =
        Node.newBuilder().setId(id.value()).addConditions(registeredCondition(status, id));
    Optional.ofNullable(status.lastContact().get(id))
        .map(WireTimes::duration)
        .ifPresent(node::setLastContact);
    LinkView.add(node, status, id);
    return node.build();
  }

  private static boolean registered(NodeStatus status, NodeId node) {
    return status.cluster().map(cluster -> cluster.nodes().containsKey(node)).orElse(false);
  }

  private static Condition registeredCondition(NodeStatus status, NodeId node) {
    if (!status.connected() || status.cluster().isEmpty()) {
      return condition(
          "Registered", ConditionStatus.CONDITION_STATUS_UNKNOWN, "NoQuorum", "no quorum is seen");
    }
    return registered(status, node)
        ? condition(
            "Registered",
            ConditionStatus.CONDITION_STATUS_TRUE,
            "SessionLives",
            "its coordination session lives")
        : condition(
            "Registered",
            ConditionStatus.CONDITION_STATUS_FALSE,
            "NoRecord",
            "it has no record in coordination");
  }

  private static Condition leaseCondition(Optional<Duration> lease) {
    return lease.isPresent()
        ? condition(
            "LeaseHeld", ConditionStatus.CONDITION_STATUS_TRUE, "Renewed", "its lease is renewed")
        : condition(
            "LeaseHeld", ConditionStatus.CONDITION_STATUS_FALSE, "NoLease", "it holds no lease");
  }

  private static Condition readyCondition(NodeRecord record) {
    Optional<CellRecord> hindered =
        record.cells().stream()
            .filter(cell -> !cell.ready() && !cell.phase().entitled())
            .findFirst();
    return hindered
        .map(cell ->
            condition(
                "Ready",
                ConditionStatus.CONDITION_STATUS_FALSE,
                cell.reason().code(),
                cell.gateway() + ": " + cell.reason().sentence()))
        .orElseGet(() ->
            condition(
                "Ready",
                ConditionStatus.CONDITION_STATUS_TRUE,
                "CellsReady",
                "each gateway here leads or could take over"));
  }

  private static Condition connectedCondition(NodeStatus status) {
    return status.connected()
        ? condition(
            "Connected",
            ConditionStatus.CONDITION_STATUS_TRUE,
            "QuorumAnswers",
            "coordination answers")
        : condition(
            "Connected",
            ConditionStatus.CONDITION_STATUS_FALSE,
            "NoQuorum",
            "coordination does not answer");
  }

  private static Condition condition(
      String type, ConditionStatus status, String code, String sentence) {
    return Condition.newBuilder()
        .setType(type)
        .setStatus(status)
        .setReason(Reason.newBuilder().setCode(code).setSentence(sentence))
        .build();
  }

  private static Gateway.Builder gateway(NodeStatus status, GatewayView view) {
    Gateway.Builder gateway = Gateway.newBuilder().setId(view.gateway().value());
    view.elected().map(NodeId::value).ifPresent(gateway::setLeader);
    view.located().forEach(located -> gateway.addCells(cell(status, view, located)));
    gateway.setEpoch(epoch(view).number());
    view.records().ifPresent(records -> fill(gateway, records, status.failuresMax()));
    return gateway;
  }

  private static void fill(Gateway.Builder gateway, GatewayRecords records, int failuresMax) {
    LoginLedger ledger = records.ledger().value();
    records.custody().value().map(ShownMessages::custody).ifPresent(gateway::setCustody);
    gateway.setLoginBudget(ShownMessages.loginBudget(ledger, failuresMax));
    gateway.setDirectives(ShownMessages.directives(records.directives().value()));
    ledger.lastSuccess().map(WireTimes::timestamp).ifPresent(gateway::setLastLogin);
  }

  private static Epoch epoch(GatewayView view) {
    return view.records()
        .flatMap(records -> records.claim().value())
        .map(Claim::epoch)
        .orElse(Epoch.NONE);
  }

  private static Cell cell(NodeStatus status, GatewayView view, GatewayView.LocatedCell located) {
    Cell.Builder cell =
        ShownMessages.cell(located.node(), located.cell()).toBuilder()
            .setLeader(view.elected().filter(located.node()::equals).isPresent());
    Optional<Duration> leaseLeft = Optional.ofNullable(status.mayLeadIn().get(view.gateway()));
    if (!cell.getLeader() && located.cell().phase() == Phase.STANDBY && leaseLeft.isPresent()) {
      cell.setMayLeadIn(WireTimes.duration(leaseLeft.get()));
      view.elected().ifPresent(leader -> explain(cell, leader, leaseLeft.get()));
    }
    return cell.build();
  }

  /** A standby that only waits says how long at least. */
  private static void explain(Cell.Builder cell, NodeId leader, Duration leaseLeft) {
    if (cell.getWhy().getCode().equals("Standby")) {
      cell.getWhyBuilder()
          .setSentence(
              "standby, may lead no earlier than in %.1f s: the lease of node %s runs"
                  .formatted(leaseLeft.toMillis() / 1000.0, leader));
    }
  }
}
