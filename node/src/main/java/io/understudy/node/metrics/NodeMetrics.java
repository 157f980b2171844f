package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.spi.TradingRelay.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The node's meters. Gauges read the published status when they are scraped; what only a comparison
 * of two statuses shows is counted by {@link StatusCounters}. Any thread. Counters begin anew with
 * each life of the daemon.
 */
public final class NodeMetrics implements AutoCloseable {
  private final Meters meters = new Meters();
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final NodeControl control;
  private final InstantSource clock;
  private final StatusCounters counters;
  private final PauseWatch pauses;

  /**
   * Registers every meter.
   *
   * @param cells the gateways of this node
   * @param relays per gateway the relay's counters
   * @param certificateEnds by the certificate's name, when the one in effect ends
   */
  public NodeMetrics(
      NodeControl control,
      ImmutableList<CellSettings> cells,
      ImmutableMap<GatewayId, Supplier<Traffic>> relays,
      ImmutableMap<String, Supplier<Instant>> certificateEnds,
      InstantSource clock) {
    this.control = control;
    this.clock = clock;
    registerNode();
    cells.forEach(cell -> GatewayGauges.register(cell, meters, control, clock));
    relays.forEach(this::registerRelay);
    certificateEnds.forEach(this::registerCertificate);
    meters.bind(new JvmMemoryMetrics());
    meters.bind(new JvmThreadMetrics());
    meters.bind(new ProcessorMetrics());
    meters.bind(gc);
    AccountMeters.register(cells, meters, control, clock);
    DrillGauges.register(cells, meters, control);
    this.pauses = new PauseWatch(meters.counter(MeterName.JVM_PAUSE, Tags.empty()));
    this.counters =
        new StatusCounters(
            control,
            meters,
            cells.stream().map(CellSettings::gateway).collect(ImmutableList.toImmutableList()));
  }

  /** All meters, as of the last published status. */
  public String scrape(ScrapeFormat format) {
    return meters.scrape(format);
  }

  @Override
  public void close() {
    counters.close();
    pauses.close();
    gc.close();
    meters.close();
  }

  private void registerNode() {
    gauge(MeterName.LEASE_REMAINING, this::leaseRemaining);
    gauge(MeterName.COORDINATION_CONNECTED, status -> status.connected() ? 1 : 0);
    gauge(MeterName.SNAPSHOT_AGE, status -> seconds(status.clusterAge().plus(sinceStatus(status))));
    gauge(MeterName.STATUS_AGE, status -> seconds(sinceStatus(status)));
    meters.gauge(
        MeterName.BUILD_INFO,
        Tags.of("version", control.status().self().version()),
        control,
        _ -> 1.0);
    meters.counter(MeterName.LOOP_PASSES, Tags.empty(), control, c -> (double) c.status().passes());
    meters.gauges(MeterName.PEER_LAST_CONTACT, this::addContacts);
    PeerGauges.register(meters, control);
  }

  private void addContacts(Meters.Points points) {
    NodeStatus status = control.status();
    status.lastContact().entrySet().stream()
        .filter(contact -> !contact.getKey().equals(status.self().node()))
        .limit(PeerGauges.PEERS_MAX)
        .forEach(contact ->
            points.add(
                seconds(contact.getValue().plus(sinceStatus(status))), contact.getKey().value()));
  }

  private void registerRelay(GatewayId gateway, Supplier<Traffic> relay) {
    Tags tags = Tags.of("gateway", gateway.value());
    meters.counter(MeterName.RELAY_CONNECTIONS, tags, relay, r -> (double) r.get().connections());
    meters.counter(
        MeterName.RELAY_BYTES,
        tags.and("direction", "to_gateway"),
        relay,
        r -> (double) r.get().bytesToGateway());
    meters.counter(
        MeterName.RELAY_BYTES,
        tags.and("direction", "to_clients"),
        relay,
        r -> (double) r.get().bytesToClients());
    meters.gauge(
        MeterName.RELAY_OPEN_CONNECTIONS, tags, relay, r -> (double) r.get().openConnections());
  }

  private void registerCertificate(String certificate, Supplier<Instant> ends) {
    meters.gauge(
        MeterName.CERTIFICATE_EXPIRY,
        Tags.of("certificate", certificate),
        ends,
        e -> (double) e.get().getEpochSecond());
  }

  private void gauge(MeterName name, ToDoubleFunction<NodeStatus> value) {
    meters.gauge(name, Tags.empty(), control, c -> value.applyAsDouble(c.status()));
  }

  private double leaseRemaining(NodeStatus status) {
    return status
        .self()
        .leaseRemaining()
        .map(remaining -> Math.max(0, seconds(remaining.minus(sinceStatus(status)))))
        .orElse(0.0);
  }

  private Duration sinceStatus(NodeStatus status) {
    Instant now = clock.instant();
    return now.isAfter(status.at()) ? Duration.between(status.at(), now) : Duration.ZERO;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
