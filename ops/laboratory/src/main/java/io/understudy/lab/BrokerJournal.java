package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What the simulated broker wrote down, in the order in which it happened. */
record BrokerJournal(ImmutableList<JsonNode> events) {
  private static final String PERSON = "human:";
  private static final JsonMapper JSON = new JsonMapper();

  static Path file(Path directory) {
    return directory.resolve("broker-events.jsonl");
  }

  static BrokerJournal read(Path directory) {
    ImmutableList.Builder<JsonNode> events = ImmutableList.builder();
    try {
      for (String line : Files.readAllLines(file(directory))) {
        events.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file(directory), e);
    }
    return new BrokerJournal(events.build());
  }

  /**
   * How often a node's login ended the session of another node's gateway that had not logged out
   * and whose process, as far as the broker can tell, had not ended: it cannot while the line is
   * cut.
   */
  int displacedAlive() {
    Set<String> alive = new HashSet<>();
    int displaced = 0;
    for (JsonNode event : events) {
      String source = event.path("source").asText();
      switch (event.path("event").asText()) {
        case "login", "init" -> alive.add(source);
        case "source-ended" -> alive.remove(source);
        case "call" -> {
          if (event.path("path").asText().endsWith("/logout")
              && event.path("status").asInt() == 200) {
            alive.remove(source);
          }
        }
        case "displacement" -> {
          String from = event.path("from").asText();
          String by = event.path("by").asText();
          if (!by.startsWith(PERSON) && !from.equals(by) && alive.remove(from)) {
            displaced++;
          }
        }
        default -> {
          // Nothing that begins or ends a session.
        }
      }
    }
    return displaced;
  }
}
