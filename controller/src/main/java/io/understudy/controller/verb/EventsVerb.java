package io.understudy.controller.verb;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.EventStream;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.output.Printer;
import io.understudy.v1.Event;
import io.understudy.v1.Gateway;
import io.understudy.v1.HistoryEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows events as lines, and new ones as they come. */
@Command(name = "events", description = "Show the latest events, oldest first, one on a line.")
final class EventsVerb implements Callable<Integer> {
  private static final Duration SEARCH_PAUSE = Duration.ofSeconds(1);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(10);
  private static final int CATCH_UP = 200;

  private final Understudy root;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what happens, until interrupted.")
  private boolean follow;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      defaultValue = "20",
      converter = CountConverter.class,
      description = "At most so many past events (default: 20).")
  private int limit;

  private Timestamp shownUntil = Timestamp.getDefaultInstance();

  EventsVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      Printer printer = root.printer(true);
      catchUp(client, sighting, printer, limit);
      while (follow) {
        Failure lost = follow(client, sighting, printer);
        root.environment().err().println("understudy: " + lost.sentence());
        sighting = searched(client);
        catchUp(client, sighting, printer, CATCH_UP);
      }
      return ExitCode.DONE.number();
    }
  }

  /** Shows what the history has and was not shown yet. */
  private void catchUp(ClusterClient client, Sighting sighting, Printer printer, int count) {
    List<Gateway> gateways = root.gatewaysOf(sighting.cluster());
    Histories.newest(client, sighting, gateways, count).reversed().stream()
        .filter(entry -> Timestamps.compare(entry.getAt(), shownUntil) > 0)
        .toList()
        .forEach(entry -> show(printer, entry));
  }

  private Failure follow(ClusterClient client, Sighting sighting, Printer printer)
      throws InterruptedException {
    List<String> wanted = root.gatewaysOf(sighting.cluster()).stream().map(Gateway::getId).toList();
    try (EventStream events = client.watch(sighting, "")) {
      while (true) {
        Optional<Event> event = events.next(SILENCE_MAX);
        if (event.isEmpty()) {
          // A machine that is gone sends nothing, not even an end.
          var _ = client.lookAgain(sighting);
        } else if (event.get().hasEntry() && wanted.contains(event.get().getEntry().getGateway())) {
          show(printer, event.get().getEntry());
        }
      }
    } catch (Failure lost) {
      return lost;
    }
  }

  private Sighting searched(ClusterClient client) throws InterruptedException {
    while (true) {
      root.environment().pause().take(SEARCH_PAUSE);
      try {
        return client.look();
      } catch (Failure nobody) {
        if (nobody.exitCode() != ExitCode.UNREACHABLE) {
          throw nobody;
        }
      }
    }
  }

  private void show(Printer printer, HistoryEntry entry) {
    printer.event(entry);
    if (Timestamps.compare(entry.getAt(), shownUntil) > 0) {
      shownUntil = entry.getAt();
    }
  }
}
