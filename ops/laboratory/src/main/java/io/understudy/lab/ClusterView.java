package io.understudy.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.time.Instant;
import java.util.Optional;

/**
 * The lab's gateway as the command line shows it with {@code -o json}.
 *
 * @param leader the elected node
 */
record ClusterView(Optional<String> leader, long epoch, ImmutableList<Cell> cells) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PHASE_PREFIX = "PHASE_";

  /**
   * The gateway on one node.
   *
   * @param phase as in the documentation, for example SERVING
   * @param since when the phase began, by the node's clock
   * @param listening whether the gateway program runs and answers
   * @param discrepancies ids that {@code reconcile --accept} takes
   */
  record Cell(
      String node,
      String phase,
      Instant since,
      boolean ready,
      boolean gateOpen,
      boolean listening,
      String why,
      ImmutableList<String> discrepancies) {}

  /** Reads one message; empty when it does not know the lab's gateway yet. */
  static Optional<ClusterView> parse(String json) {
    JsonNode cluster;
    try {
      cluster = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new LabException("The command line printed something else than JSON: " + json, e);
    }
    return Streams.stream(cluster.path("gateways"))
        .filter(gateway -> gateway.path("id").asText().equals(LabCluster.GATEWAY))
        .map(ClusterView::gateway)
        .findFirst();
  }

  private static ClusterView gateway(JsonNode gateway) {
    return new ClusterView(
        Optional.of(gateway.path("leader").asText()).filter(text -> !text.isEmpty()),
        gateway.path("epoch").asLong(),
        Streams.stream(gateway.path("cells"))
            .map(ClusterView::cell)
            .collect(ImmutableList.toImmutableList()));
  }

  private static Cell cell(JsonNode cell) {
    String since = cell.path("since").asText();
    return new Cell(
        cell.path("node").asText(),
        cell.path("phase").asText().replaceFirst("^" + PHASE_PREFIX, ""),
        since.isEmpty() ? Instant.EPOCH : Instant.parse(since),
        cell.path("ready").asBoolean(),
        cell.path("gateOpen").asBoolean(),
        cell.path("process").asText().equals("GATEWAY_PROCESS_LISTENING"),
        cell.path("why").path("sentence").asText(),
        Streams.stream(cell.path("reconciliation").path("discrepancies"))
            .map(discrepancy -> discrepancy.path("id").asText())
            .collect(ImmutableList.toImmutableList()));
  }

  Optional<Cell> cell(String node) {
    return cells.stream().filter(cell -> cell.node().equals(node)).findFirst();
  }

  /** Whether that node leads and lets trading clients in. */
  boolean serves(String node) {
    return leader.filter(node::equals).isPresent()
        && cell(node).filter(cell -> cell.phase().equals("SERVING") && cell.gateOpen()).isPresent();
  }

  /** Whether that node could take over, with its gateway program running already. */
  boolean standsBy(String node) {
    return cell(node)
        .filter(cell -> cell.phase().equals("STANDBY") && cell.ready() && cell.listening())
        .isPresent();
  }
}
