package io.understudy.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;

/**
 * What the command line shows of a cluster beyond the {@link ClusterView}, with {@code -o json}.
 *
 * @param versions what each node says that it is
 * @param skewed nodes that the answering one holds {@code VersionSkew} of
 * @param sessions how many nodes have an established brokerage session
 * @param compared positions that the leader compared before it opened the gate
 */
record UpgradeView(
    ImmutableMap<String, String> versions,
    ImmutableSet<String> skewed,
    int sessions,
    int compared) {
  private static final JsonMapper JSON = new JsonMapper();

  static UpgradeView parse(String json) {
    JsonNode cluster;
    try {
      cluster = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new LabException("The command line printed something else than JSON: " + json, e);
    }
    JsonNode nodes = cluster.path("nodes");
    JsonNode cells = cluster.path("gateways").path(0).path("cells");
    return new UpgradeView(
        Streams.stream(nodes)
            .collect(
                ImmutableMap.toImmutableMap(
                    node -> node.path("id").asText(), node -> node.path("version").asText())),
        Streams.stream(nodes)
            .filter(UpgradeView::skewed)
            .map(node -> node.path("id").asText())
            .collect(ImmutableSet.toImmutableSet()),
        Math.toIntExact(
            Streams.stream(cells)
                .filter(
                    cell -> cell.path("session").asText().equals("BROKERAGE_SESSION_ESTABLISHED"))
                .count()),
        Streams.stream(cells)
            .filter(cell -> cell.path("leader").asBoolean())
            .mapToInt(cell -> cell.path("reconciliation").path("compared").asInt())
            .sum());
  }

  private static boolean skewed(JsonNode node) {
    return Streams.stream(node.path("conditions"))
        .anyMatch(condition ->
            condition.path("type").asText().equals("VersionSkew")
                && condition.path("status").asText().equals("CONDITION_STATUS_TRUE"));
  }
}
