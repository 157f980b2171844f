package io.understudy.node.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Condition;
import io.understudy.v1.ConditionStatus;
import io.understudy.v1.Custody;
import io.understudy.v1.Directives;
import io.understudy.v1.Discrepancy;
import io.understudy.v1.Gateway;
import io.understudy.v1.LoginBudget;
import io.understudy.v1.Node;
import io.understudy.v1.Phase;
import io.understudy.v1.Reconciliation;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The cluster as the page's script reads it: what {@code understudy status} shows, field by field,
 * so that nothing gets here by the mere growth of a message. Times are ISO 8601 in UTC, spans are
 * seconds. Pure.
 */
final class ClusterJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final double MILLIS = 1_000.0;
  private static final double NANOS = 1e9;

  private ClusterJson() {}

  /**
   * The whole picture.
   *
   * @param status where {@code cluster} comes from
   */
  static ObjectNode picture(Cluster cluster, NodeStatus status) {
    ObjectNode picture = JSON.objectNode();
    picture.put("cluster", cluster.getName());
    picture.put("seenBy", cluster.getAnsweredBy());
    picture.put("at", time(cluster.getAt()));
    picture.put("stale", cluster.getStale());
    ArrayNode notes = picture.putArray("attention");
    Attention.of(cluster, status)
        .forEach(note ->
            notes
                .addObject()
                .put("level", note.level().name())
                .put("about", note.about())
                .put("sentence", note.sentence()));
    ArrayNode nodes = picture.putArray("nodes");
    cluster.getNodesList().forEach(node -> nodes.add(node(node, cluster.getAnsweredBy())));
    ArrayNode servers = picture.putArray("servers");
    status
        .servers()
        .forEach(server ->
            servers
                .addObject()
                .put("server", server.server())
                .put("up", server.up())
                .put("mode", server.mode()));
    ArrayNode gateways = picture.putArray("gateways");
    for (Gateway gateway : cluster.getGatewaysList()) {
      String login = status.loginProgress().getOrDefault(new GatewayId(gateway.getId()), "");
      gateways.add(gateway(gateway).put("login", login));
    }
    return picture;
  }

  /** What changes by the mere passing of time. */
  static ObjectNode pulse(Cluster cluster, NodeStatus status) {
    ObjectNode pulse = JSON.objectNode();
    pulse.put("at", time(cluster.getAt()));
    pulse.put("age", seconds(cluster.getAge()));
    ObjectNode nodes = pulse.putObject("nodes");
    for (Node node : cluster.getNodesList()) {
      ObjectNode own = nodes.putObject(node.getId());
      if (node.hasLeaseRemaining()) {
        own.put("lease", seconds(node.getLeaseRemaining()));
      }
      if (node.hasLastContact()) {
        own.put("contact", seconds(node.getLastContact()));
      }
      Optional.ofNullable(status.peers().get(new NodeId(node.getId())))
          .ifPresent(peer -> measures(own, peer));
    }
    return pulse;
  }

  private static void measures(ObjectNode own, PeerView peer) {
    peer.roundTrip().ifPresent(span -> own.put("roundTrip", span.toNanos() / NANOS));
    peer.clockOffset().ifPresent(span -> own.put("clockOffset", span.toNanos() / NANOS));
    peer.handshakeAge().ifPresent(span -> own.put("handshake", span.toMillis() / MILLIS));
  }

  private static ObjectNode node(Node node, String self) {
    ObjectNode json = JSON.objectNode();
    json.put("id", node.getId());
    json.put("self", node.getId().equals(self));
    json.put("address", node.getAddress());
    json.put("version", node.getVersion());
    json.put("registered", node.getRegistered());
    ArrayNode wrong = json.putArray("wrong");
    node.getConditionsList().stream()
        .filter(ClusterJson::wrong)
        .filter(condition -> node.getRegistered() || !condition.getType().equals("LeaseHeld"))
        .forEach(condition -> wrong.add(condition.getReason().getSentence()));
    return json;
  }

  /** Of a peer's conditions it is bad when they hold, of all others when they do not. */
  private static boolean wrong(Condition condition) {
    boolean ofPeer =
        Arrays.stream(PeerCondition.Type.values())
            .anyMatch(type -> type.text().equals(condition.getType()));
    return condition.getStatus()
        == (ofPeer
            ? ConditionStatus.CONDITION_STATUS_TRUE
            : ConditionStatus.CONDITION_STATUS_FALSE);
  }

  private static ObjectNode gateway(Gateway gateway) {
    ObjectNode json = JSON.objectNode();
    json.put("id", gateway.getId());
    json.put("leader", gateway.getLeader());
    json.put("epoch", gateway.getEpoch());
    ArrayNode cells = json.putArray("cells");
    gateway.getCellsList().forEach(cell -> cells.add(cell(cell)));
    if (gateway.hasCustody()) {
      json.set("custody", custody(gateway.getCustody()));
    }
    json.set("budget", budget(gateway.getLoginBudget()));
    json.set("wishes", wishes(gateway.getDirectives()));
    if (gateway.hasLastLogin()) {
      json.put("lastLogin", time(gateway.getLastLogin()));
    }
    return json;
  }

  private static ObjectNode cell(Cell cell) {
    ObjectNode json = JSON.objectNode();
    json.put("node", cell.getNode());
    json.put("phase", phase(cell.getPhase()));
    json.put("epoch", cell.getEpoch());
    json.put("since", time(cell.getSince()));
    json.put("why", cell.getWhy().getSentence());
    json.put("leader", cell.getLeader());
    json.put("ready", cell.getReady());
    json.put("gateOpen", cell.getGateOpen());
    json.put("session", cell.getSession().name().replace("BROKERAGE_SESSION_", ""));
    json.put("process", cell.getProcess().name().replace("GATEWAY_PROCESS_", ""));
    if (cell.hasReconciliation()) {
      json.set("positions", positions(cell.getReconciliation()));
    }
    return json;
  }

  private static String phase(Phase phase) {
    return phase.name().replace("PHASE_", "");
  }

  private static ObjectNode positions(Reconciliation report) {
    ObjectNode json = JSON.objectNode();
    json.put("compared", report.getCompared());
    json.put("openOrders", report.getOpenOrders());
    if (report.hasExpectedOpenOrders()) {
      json.put("expectedOpenOrders", report.getExpectedOpenOrders());
    }
    ArrayNode discrepancies = json.putArray("discrepancies");
    report.getDiscrepanciesList().forEach(each -> discrepancies.add(discrepancy(each)));
    return json;
  }

  private static ObjectNode discrepancy(Discrepancy discrepancy) {
    return JSON.objectNode()
        .put("id", discrepancy.getId())
        .put("account", discrepancy.getAccount())
        .put("instrument", discrepancy.getInstrument())
        .put("expected", discrepancy.getExpected())
        .put("actual", discrepancy.getActual())
        .put("tolerance", discrepancy.getTolerance());
  }

  private static ObjectNode custody(Custody custody) {
    return JSON.objectNode()
        .put("node", custody.getNode())
        .put("epoch", custody.getEpoch())
        .put("since", time(custody.getSince()));
  }

  private static ObjectNode budget(LoginBudget budget) {
    ObjectNode json = JSON.objectNode();
    json.put("failures", budget.getFailuresInRow());
    json.put("max", budget.getFailuresMax());
    if (budget.hasLockedUntil()) {
      Instant until = WireTimes.instant(budget.getLockedUntil());
      json.put("lockedUntil", until.equals(Instant.MAX) ? "" : until.toString());
      json.put("lockReason", budget.getLockReason());
    }
    return json;
  }

  private static ObjectNode wishes(Directives wishes) {
    return JSON.objectNode()
        .put("paused", wishes.getPaused())
        .put("loggedOut", wishes.getLoggedOut())
        .put("halted", wishes.getTradingHalted())
        .put("switchoverTo", wishes.getSwitchoverTo());
  }

  private static String time(Timestamp timestamp) {
    return WireTimes.instant(timestamp).toString();
  }

  private static double seconds(com.google.protobuf.Duration duration) {
    return WireTimes.duration(duration).toMillis() / MILLIS;
  }
}
