package io.understudy.controller.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A trading client that only looks: asks through every relay of a gateway at once, so that it sees
 * which one lets it through, and when. Waits for nothing and holds nobody up. Thread-safe; closing
 * ends its threads.
 */
public final class ProbingClient implements AutoCloseable {
  /** Four a second each: an outage is measured to within this. */
  public static final Duration INTERVAL = Duration.ofMillis(250);

  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** Half an hour of two relays; what is older is of no use to a drill. */
  private static final int PROBES_MAX = 20_000;

  private final Duration interval;
  private final List<RelayProbe> relays = new ArrayList<>();
  private final List<Probe> probes = new ArrayList<>();

  private ProbingClient(Duration interval) {
    this.interval = interval;
  }

  public static ProbingClient start(List<Relay> relays) {
    return start(relays, INTERVAL, LIMIT);
  }

  /**
   * @param limit for a connection to come about, and for an answer
   */
  static ProbingClient start(List<Relay> relays, Duration interval, Duration limit) {
    ProbingClient client = new ProbingClient(interval);
    relays.forEach(
        relay -> client.relays.add(new RelayProbe(relay, interval, limit, client::keep)));
    client.relays.forEach(RelayProbe::start);
    return client;
  }

  public Duration interval() {
    return interval;
  }

  /** What was seen so far. */
  public ProbeLog log() {
    synchronized (probes) {
      return new ProbeLog(probes);
    }
  }

  /**
   * Waits until the relay of the node has answered a request that was sent after that time; false
   * when it has not within the limit.
   */
  public boolean awaitAnswer(String node, long afterNanos, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (probes) {
      while (true) {
        boolean answered =
            probes.reversed().stream()
                .takeWhile(probe -> probe.at() - afterNanos > 0)
                .anyMatch(probe ->
                    probe.answered()
                        && probe.node().equals(node)
                        && probe.sent() - afterNanos >= 0);
        long left = end - System.nanoTime();
        if (answered || left <= 0) {
          return answered;
        }
        probes.wait(Math.max(1, Duration.ofNanos(left).toMillis()));
      }
    }
  }

  @Override
  public void close() {
    relays.forEach(RelayProbe::close);
  }

  private void keep(Probe probe) {
    synchronized (probes) {
      if (probes.size() >= PROBES_MAX) {
        probes.removeFirst();
      }
      probes.add(probe);
      probes.notifyAll();
    }
  }
}
