package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.EventStream;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.output.OutputFormat;
import io.understudy.controller.output.TablePrinter;
import io.understudy.v1.Cluster;
import io.understudy.v1.Event;
import io.understudy.v1.HistoryEntry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Shows the cluster at each change and at least once an interval, on a screen always in the same
 * place. A node that goes away is replaced by another one; only the user ends it.
 */
final class StatusWatch {
  private static final Duration SEARCH_PAUSE = Duration.ofSeconds(1);
  private static final int EVENTS_SHOWN = 5;
  private static final String HOME = "\u001b[H";
  private static final String ERASE_LINE_END = "\u001b[K";
  private static final String ERASE_BELOW = "\u001b[J";

  private final Understudy root;
  private final ClusterClient client;
  private final Duration interval;
  private final boolean screen;
  private final Deque<HistoryEntry> recent = new ArrayDeque<>();

  StatusWatch(Understudy root, ClusterClient client, Duration interval) {
    this.root = root;
    this.client = client;
    this.interval = interval;
    this.screen = root.output() == OutputFormat.table && root.outIsScreen();
  }

  int run() throws InterruptedException {
    Sighting sighting = client.look();
    if (screen) {
      root.environment().out().print(HOME + ERASE_BELOW);
    }
    while (!Thread.currentThread().isInterrupted()) {
      Failure lost = follow(sighting);
      root.environment().err().println("understudy: " + lost.sentence());
      sighting = searched();
    }
    return ExitCode.ABORTED.number();
  }

  /** Shows what one node tells until it no longer does. */
  private Failure follow(Sighting sighting) throws InterruptedException {
    Cluster cluster = sighting.cluster();
    show(cluster);
    try (EventStream events = client.watch(sighting, "")) {
      while (true) {
        Optional<Event> event = events.next(interval);
        if (event.isEmpty()) {
          cluster = client.lookAgain(sighting);
        } else if (event.get().hasCluster()) {
          cluster = event.get().getCluster();
        } else if (event.get().hasEntry()) {
          remember(event.get().getEntry());
        }
        show(cluster);
      }
    } catch (Failure lost) {
      return lost;
    }
  }

  private Sighting searched() throws InterruptedException {
    while (true) {
      root.environment().pause().take(SEARCH_PAUSE);
      try {
        return client.look();
      } catch (Failure nobody) {
        if (nobody.exitCode() != ExitCode.UNREACHABLE) {
          throw nobody;
        }
        root.environment().err().println("understudy: " + nobody.sentence());
      }
    }
  }

  private void remember(HistoryEntry entry) {
    recent.addLast(entry);
    if (recent.size() > EVENTS_SHOWN) {
      recent.removeFirst();
    }
  }

  private void show(Cluster whole) {
    Cluster cluster = root.selected(whole);
    PrintStream out = root.environment().out();
    if (root.output() != OutputFormat.table) {
      root.printer(true).status(cluster);
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream page = new PrintStream(bytes, false, out.charset());
    TablePrinter printer = new TablePrinter(root.canvas(page, screen));
    printer.status(cluster);
    recent.forEach(printer::event);
    page.flush();
    String text = bytes.toString(out.charset());
    if (screen) {
      out.print(HOME + text.replace("\n", ERASE_LINE_END + "\n") + ERASE_BELOW);
    } else {
      out.println(text);
    }
    out.flush();
  }
}
