package io.understudy.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the endpoints say, as functions of the status and of whether the loop lives. Pure. */
final class StatusPages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StatusPages() {}

  /** Whether the process does its work at all; a failure means: restart it. */
  static Answer live(boolean loopLives) {
    return loopLives
        ? Answer.text(200, "alive")
        : Answer.text(503, "the control loop makes no passes");
  }

  /** Whether the node can do its part: lead, or take over. */
  static Answer ready(NodeStatus status, boolean loopLives) {
    if (!loopLives) {
      return live(false);
    }
    if (!status.connected() || status.cluster().isEmpty()) {
      return Answer.text(503, "coordination does not answer");
    }
    ImmutableList<String> hindered =
        status.self().cells().stream()
            .filter(StatusPages::hindered)
            .map(cell -> cell.gateway() + ": " + cell.reason().sentence())
            .collect(ImmutableList.toImmutableList());
    return hindered.isEmpty()
        ? Answer.text(200, "ready")
        : Answer.text(503, String.join("\n", hindered));
  }

  private static boolean hindered(CellRecord cell) {
    return switch (cell.phase()) {
      case STANDBY -> !cell.ready();
      case SELF_FENCING, NEEDS_OPERATOR -> true;
      case CLAIMING, FENCING, LOGGING_IN, VERIFYING, RECONCILING, SERVING, CEDING -> false;
    };
  }

  /**
   * 200 only where this node serves the gateway. Without a name the only gateway is meant; with
   * several a name is needed.
   */
  static Answer leader(NodeStatus status, boolean loopLives, Optional<String> gateway) {
    ImmutableList<CellRecord> cells = status.self().cells();
    if (gateway.isEmpty() && cells.size() != 1) {
      return Answer.text(
          400,
          "this node has several gateways: ask for /leader/<gateway> (%s)".formatted(names(cells)));
    }
    Optional<CellRecord> cell =
        cells.stream()
            .filter(c -> gateway.isEmpty() || c.gateway().value().equals(gateway.get()))
            .findFirst();
    if (cell.isEmpty()) {
      return Answer.text(404, "there is no such gateway (known: %s)".formatted(names(cells)));
    }
    if (!loopLives) {
      return live(false);
    }
    return cell.get().phase() == Phase.SERVING
        ? Answer.text(
            200,
            "%s serves %s under epoch %s"
                .formatted(status.self().node(), cell.get().gateway(), cell.get().epoch()))
        : Answer.text(
            503,
            "%s does not serve %s: %s"
                .formatted(
                    status.self().node(), cell.get().gateway(), cell.get().reason().sentence()));
  }

  private static String names(ImmutableList<CellRecord> cells) {
    return cells.stream().map(cell -> cell.gateway().value()).collect(Collectors.joining(", "));
  }

  /** The picture for monitoring, from cached state only. */
  static Answer health(NodeStatus status, boolean loopLives) {
    ObjectNode health = JsonNodeFactory.instance.objectNode();
    health.put("status", loopLives ? "alive" : "stuck");
    health.put("cluster", status.clusterName());
    health.put("node", status.self().node().value());
    health.put("version", status.self().version());
    health.put("at", status.at().toString());
    health.put("coordination_connected", status.connected());
    health.put(
        "lease_remaining_seconds",
        status.self().leaseRemaining().map(d -> d.toMillis() / 1_000.0).orElse(0.0));
    health.put("gateway_authenticated", authenticated(status));
    put(health, "last_successful_login", lastLogin(status));
    var gateways = health.putArray("gateways");
    status.self().cells().forEach(cell -> gateways.add(gateway(status, cell)));
    try {
      return Answer.json(loopLives ? 200 : 503, JSON.writeValueAsString(health));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values cannot be written", e);
    }
  }

  private static ObjectNode gateway(NodeStatus status, CellRecord cell) {
    ObjectNode gateway = JsonNodeFactory.instance.objectNode();
    gateway.put("gateway", cell.gateway().value());
    gateway.put("phase", cell.phase().name());
    gateway.put("since", cell.phaseSince().toString());
    gateway.put("epoch", cell.epoch().number());
    put(gateway, "leader", elected(status, cell.gateway()).map(NodeId::value));
    gateway.put("gate_open", cell.gateOpen());
    gateway.put("ready", cell.ready());
    gateway.put("gateway_authenticated", cell.session() == SessionState.ESTABLISHED);
    put(gateway, "last_successful_login", lastLogin(status, cell.gateway()).map(Instant::toString));
    gateway.put("reason", cell.reason().code());
    gateway.put("why", cell.reason().sentence());
    return gateway;
  }

  /** Whether this node leads something and each gateway that it leads is logged in. */
  private static boolean authenticated(NodeStatus status) {
    ImmutableList<CellRecord> leading =
        status.self().cells().stream()
            .filter(cell -> cell.phase().entitled())
            .collect(ImmutableList.toImmutableList());
    return !leading.isEmpty()
        && leading.stream().allMatch(cell -> cell.session() == SessionState.ESTABLISHED);
  }

  private static Optional<String> lastLogin(NodeStatus status) {
    return status.self().cells().stream()
        .flatMap(cell -> lastLogin(status, cell.gateway()).stream())
        .max(Comparator.naturalOrder())
        .map(Instant::toString);
  }

  private static Optional<Instant> lastLogin(NodeStatus status, GatewayId gateway) {
    return records(status, gateway).flatMap(records -> records.ledger().value().lastSuccess());
  }

  private static Optional<NodeId> elected(NodeStatus status, GatewayId gateway) {
    return records(status, gateway).flatMap(records -> records.election().elected());
  }

  private static Optional<GatewayRecords> records(NodeStatus status, GatewayId gateway) {
    return status.cluster().map(cluster -> cluster.gateways().get(gateway));
  }

  private static void put(ObjectNode node, String key, Optional<String> value) {
    value.ifPresentOrElse(text -> node.put(key, text), () -> node.putNull(key));
  }
}
