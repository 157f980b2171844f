package io.understudy.node.loop;

import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.spi.Supervisor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Tells the service manager how the node is, after each pass and on the loop's own thread: where
 * the loop is stuck or the process frozen, nothing is told, and that is the point.
 *
 * <p>A sign of life is given only while the lease is valid, or not needed because no cell is
 * entitled to anything and every gateway is known to be logged out; and never while a gateway could
 * not be stopped. A node that should have fenced itself and has not is therefore killed from
 * outside, gateway included.
 */
public final class ServiceReports implements Consumer<NodeStatus> {
  private static final Duration STATUS_EVERY = Duration.ofMillis(500);
  private static final int SENTENCE_LENGTH_MAX = 160;
  private static final int STATUS_LENGTH_MAX = 1_000;

  private final Supervisor manager;
  private final Supplier<MonotonicTime> clock;
  private final Optional<Duration> aliveEvery;
  private boolean ready;
  private Optional<MonotonicTime> aliveAt = Optional.empty();
  private Optional<MonotonicTime> statusAt = Optional.empty();
  private String told = "";

  /** To be subscribed to the loop. */
  public ServiceReports(Supervisor manager) {
    this(manager, new Clocks(InstantSource.system())::monotonic);
  }

  ServiceReports(Supervisor manager, Supplier<MonotonicTime> clock) {
    this.manager = manager;
    this.clock = clock;
    this.aliveEvery = manager.watchdogTimeout().map(timeout -> timeout.dividedBy(3));
  }

  @Override
  public void accept(NodeStatus status) {
    MonotonicTime now = clock.get();
    if (!ready && useful(status)) {
      ready = true;
      manager.ready();
    }
    if (aliveEvery.filter(every -> passed(aliveAt, every, now)).isPresent() && trusted(status)) {
      aliveAt = Optional.of(now);
      manager.alive();
    }
    String sentence = sentence(status);
    if (!sentence.equals(told) && passed(statusAt, STATUS_EVERY, now)) {
      statusAt = Optional.of(now);
      told = sentence;
      manager.status(sentence);
    }
  }

  /** The gateways of a former life are fenced, and the cluster knows this node. */
  private static boolean useful(NodeStatus status) {
    return status.connected()
        && status.cluster().filter(c -> c.nodes().containsKey(status.self().node())).isPresent()
        && status.self().cells().stream().noneMatch(cell -> cell.phase() == Phase.SELF_FENCING);
  }

  private static boolean trusted(NodeStatus status) {
    if (status.self().cells().stream().anyMatch(ServiceReports::cannotStopItsGateway)) {
      return false;
    }
    return status.self().leaseRemaining().filter(Duration::isPositive).isPresent()
        || status.self().cells().stream().noneMatch(ServiceReports::needsLease);
  }

  private static boolean cannotStopItsGateway(CellRecord cell) {
    return cell.reason().code().equals("FenceFailed");
  }

  private static boolean needsLease(CellRecord cell) {
    return cell.phase().entitled() || cell.phase() == Phase.SELF_FENCING;
  }

  private static String sentence(NodeStatus status) {
    String cells =
        status.self().cells().stream()
            .map(cell ->
                cell.gateway() + " " + cell.phase() + ": " + brief(cell.reason().sentence()))
            .collect(Collectors.joining("; "));
    String all = status.connected() ? cells : "Coordination does not answer; ".concat(cells);
    return all.length() <= STATUS_LENGTH_MAX ? all : all.substring(0, STATUS_LENGTH_MAX) + "…";
  }

  private static String brief(String sentence) {
    return sentence.length() <= SENTENCE_LENGTH_MAX
        ? sentence
        : sentence.substring(0, SENTENCE_LENGTH_MAX) + "…";
  }

  private static boolean passed(Optional<MonotonicTime> since, Duration time, MonotonicTime now) {
    return since.filter(at -> now.since(at).compareTo(time) < 0).isEmpty();
  }
}
