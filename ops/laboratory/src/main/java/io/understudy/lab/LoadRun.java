package io.understudy.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Streams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Many gateways on one pair of nodes: loses the machine on which most of them serve, and measures
 * how long the other one takes to serve them all. Most: a gateway whose start takes too long on a
 * busy machine is left to the other node.
 *
 * @param table where the figures go
 */
record LoadRun(LabCluster cluster, FigureTable table) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration READ_LIMIT = Duration.ofSeconds(20);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(250);
  private static final Duration STATUS_GOAL = Duration.ofSeconds(1);
  private static final int STATUS_RUNS = 5;

  void measure() {
    int all = cluster.settings().gateways();
    LabNode first = cluster.nodes().getFirst();
    LabNode second = cluster.nodes().getLast();
    table.row("gateways on each node", Integer.toString(all), "");
    long begin = System.nanoTime();
    awaitCount(
        all,
        each ->
            (serves(each, first.id()) && ready(each, second.id()))
                || (serves(each, second.id()) && ready(each, first.id())));
    table.row("cold start until all serve and stand by", since(begin), "");
    int there = count(each -> serves(each, second.id()));
    table.row("gateways that serve on " + first.id(), Integer.toString(all - there), "");
    List<Duration> status = new ArrayList<>();
    for (int i = 0; i < STATUS_RUNS; i++) {
      status.add(cluster.commandLine().run(READ_LIMIT, "status").wall());
    }
    Duration median = status.stream().sorted().toList().get(STATUS_RUNS / 2);
    table.row("understudy status, median of " + STATUS_RUNS, median, STATUS_GOAL);
    table.row("resident memory of node " + first.id() + ", leading most", memory(first), "");
    table.row("resident memory of node " + second.id() + ", standby", memory(second), "");
    long loginsBefore = logins();

    long killed = System.nanoTime();
    first.kill();
    awaitCount(there + 1, each -> serves(each, second.id()));
    table.row("host lost: first gateway serves on " + second.id(), since(killed), "");
    awaitCount(all, each -> serves(each, second.id()));
    table.row("host lost: all gateways serve on " + second.id(), since(killed), "");
    table.row(
        "logins for it", Long.toString(logins() - loginsBefore), Integer.toString(all - there));
    JsonNode report = cluster.broker().report();
    table.row("violations seen by the broker", report.path("violations").asText(), "0");
  }

  private static String memory(LabNode node) {
    return node.daemon().residentKilobytes() / 1024 + " MB";
  }

  private long logins() {
    return cluster.broker().report().path("logins").path("total").asLong();
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static boolean serves(JsonNode gateway, String node) {
    return cell(gateway, node).path("phase").asText().equals("PHASE_SERVING")
        && cell(gateway, node).path("gateOpen").asBoolean();
  }

  private static boolean ready(JsonNode gateway, String node) {
    return cell(gateway, node).path("ready").asBoolean();
  }

  private static JsonNode cell(JsonNode gateway, String node) {
    return Streams.stream(gateway.path("cells"))
        .filter(cell -> cell.path("node").asText().equals(node))
        .findFirst()
        .orElse(JSON.missingNode());
  }

  /** Waits until so many gateways are as wished. */
  private void awaitCount(int count, Predicate<JsonNode> wished) {
    boolean reached =
        Waiting.until(
            LIMIT,
            () -> {
              Waiting.pause(LOOK_PAUSE);
              return count(wished) >= count;
            });
    if (!reached) {
      throw new LabException("Not " + count + " gateways came so far within " + LIMIT);
    }
  }

  private int count(Predicate<JsonNode> wished) {
    return (int) Streams.stream(gateways()).filter(wished).count();
  }

  private JsonNode gateways() {
    String printed = cluster.commandLine().run(READ_LIMIT, "status", "-o", "json").output();
    try {
      return JSON.readTree(printed).path("gateways");
    } catch (JsonProcessingException e) {
      throw new LabException("The command line printed something else than JSON: " + printed, e);
    }
  }
}
