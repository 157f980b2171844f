package io.understudy.controller.verb;

import io.understudy.controller.client.DrillReads;
import io.understudy.controller.client.Endpoint;
import io.understudy.controller.client.Failure;
import io.understudy.controller.drill.ClientView;
import io.understudy.controller.drill.NodesView;
import io.understudy.controller.drill.Passage;
import io.understudy.controller.output.DrillLines;
import io.understudy.controller.probe.ProbeLog;
import io.understudy.controller.probe.ProbingClient;
import io.understudy.controller.probe.Relay;
import io.understudy.v1.Cluster;
import io.understudy.v1.Drill;
import io.understudy.v1.Node;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The probing client of one drill, from the question where the relays are to the figures. Whatever
 * it cannot reach is said, and never holds up the drill.
 */
final class Probing implements AutoCloseable {
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);
  private static final Duration LAST_ANSWER = Duration.ofSeconds(2);

  private final ProbingClient client;
  private final List<String> remarks;
  private final long begun = System.nanoTime();

  private Probing(ProbingClient client, List<String> remarks) {
    this.client = client;
    this.remarks = remarks;
  }

  /** Asks each node where its relay is, and starts. */
  static Probing start(DrillReads reads, Cluster cluster, String gateway) {
    List<Relay> relays = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    for (Node node : cluster.getNodesList()) {
      Optional<Endpoint> api = Endpoint.parse(node.getAddress());
      if (api.isEmpty()) {
        continue;
      }
      try {
        String told = reads.relay(api.get(), gateway);
        relay(node.getId(), api.get(), told)
            .ifPresentOrElse(relays::add, () -> remarks.add(outOfReach(node.getId(), told)));
      } catch (Failure failure) {
        remarks.add(
            "Node " + node.getId() + " did not say where its relay is: " + failure.sentence());
      }
    }
    return new Probing(ProbingClient.start(relays), remarks);
  }

  /** Waits a moment for the first answer, without which no outage can be measured. */
  void settle(String leader, DrillLines lines) throws InterruptedException {
    if (!client.awaitAnswer(leader, begun, FIRST_ANSWER)) {
      remarks.add(
          "The relay of "
              + leader
              + ", which led, let nothing of this host through before the drill; the figures are"
              + " those of the nodes alone.");
    }
    remarks.forEach(remark -> lines.say("client", remark));
  }

  /** Says which relays answer, when that has changed. */
  void tell(DrillLines lines) {
    List<String> answering = client.log().answering();
    lines.sayOnce(
        "client",
        answering.isEmpty()
            ? "no relay answers"
            : "the relay of " + String.join(" and of ", answering) + " answers");
  }

  /** Waits a moment for an answer through the node that serves in the end. */
  void awaitLast(String serving) throws InterruptedException {
    if (client.log().answered() > 0) {
      var _ = client.awaitAnswer(serving, System.nanoTime(), LAST_ANSWER);
    }
  }

  /** What came of it. */
  ClientView view(Drill drill, DrillWatch watch) {
    ProbeLog log = client.log();
    String origin = drill.getOrigin();
    String after = NodesView.of(drill).successor().orElse("");
    Optional<ProbeLog.Gap> there = log.longestGap(origin, after);
    Optional<ProbeLog.Gap> back =
        after.equals(origin) ? Optional.empty() : log.longestGap(after, origin);
    return new ClientView(
        host(),
        client.interval(),
        log.probes().size(),
        log.answered(),
        log.doubled(),
        there.map(Probing::duration),
        back.map(Probing::duration),
        there.map(gap -> passage(gap, watch)),
        back.map(gap -> passage(gap, watch)),
        log.stretches().stream()
            .map(stretch ->
                new ClientView.Stretch(
                    stretch.node(), watch.wall(stretch.from()), watch.wall(stretch.to())))
            .toList(),
        remarks(origin, after, log));
  }

  @Override
  public void close() {
    client.close();
  }

  private List<String> remarks(String origin, String after, ProbeLog log) {
    List<String> all = new ArrayList<>(remarks);
    if (!after.isEmpty() && log.reached(origin) && !log.reached(after)) {
      all.add("The relay of " + after + ", which took over, let nothing of this host through.");
    }
    return all;
  }

  private static Passage passage(ProbeLog.Gap gap, DrillWatch watch) {
    return Passage.of(
        watch.wall(gap.from()),
        watch.wall(gap.to()),
        watch.entered(gap.after(), gap.from(), gap.to()));
  }

  private static Duration duration(ProbeLog.Gap gap) {
    return Duration.ofNanos(gap.nanos());
  }

  /**
   * A node that listens on all its addresses is reached where its API is. One that listens on its
   * loopback is reached from itself alone.
   */
  private static Optional<Relay> relay(String node, Endpoint api, String told) {
    return Endpoint.parse(told)
        .map(relay ->
            new Relay(node, wildcard(relay.host()) ? api.host() : relay.host(), relay.port()))
        .filter(relay -> loopback(api.host()) || !loopback(relay.host()));
  }

  private static boolean wildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  private static boolean loopback(String host) {
    return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
  }

  private static String outOfReach(String node, String told) {
    return "The relay of " + node + " listens at " + told + ", which this host cannot reach.";
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "a host without a name";
    }
  }
}
