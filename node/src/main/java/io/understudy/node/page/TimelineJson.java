package io.understudy.node.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.page.Takeover.Step;

/** The timeline as the page's script reads it. Pure. */
final class TimelineJson {
  private static final double MILLIS = 1_000.0;

  private TimelineJson() {}

  static ObjectNode of(Timeline timeline) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    lines(json.putArray("lines"), timeline.lines());
    ArrayNode takeovers = json.putArray("takeovers");
    timeline.takeovers().forEach(takeover -> takeovers.add(takeover(takeover)));
    lines(json.putArray("drills"), timeline.drills());
    return json;
  }

  private static void lines(ArrayNode array, Iterable<Timeline.Line> lines) {
    for (Timeline.Line line : lines) {
      HistoryEntry entry = line.entry();
      array
          .addObject()
          .put("at", entry.at().toString())
          .put("gateway", line.gateway().value())
          .put("node", entry.node().value())
          .put("epoch", entry.epoch().number())
          .put("kind", entry.kind())
          .put("actor", entry.actor())
          .put("sentence", entry.sentence());
    }
  }

  private static ObjectNode takeover(Takeover takeover) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("gateway", takeover.gateway().value());
    json.put("epoch", takeover.epoch().number());
    json.put("node", takeover.node().value());
    json.put("cause", takeover.cause().name());
    json.put("outcome", takeover.outcome().name());
    json.put("began", takeover.began().toString());
    ArrayNode steps = json.putArray("steps");
    for (Step step : takeover.steps()) {
      steps
          .addObject()
          .put("name", step.name().name())
          .put("seconds", step.took().toMillis() / MILLIS);
    }
    return json;
  }
}
