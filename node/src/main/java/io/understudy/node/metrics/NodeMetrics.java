package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.spi.TradingRelay.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The node's meters. Gauges read the published status when they are scraped; what only a comparison
 * of two statuses shows is counted by {@link StatusCounters}. Any thread. Counters begin anew with
 * each life of the daemon.
 */
public final class NodeMetrics implements AutoCloseable {
  /** Peers come and go, so their label is bounded here. */
  private static final int PEERS_MAX = 16;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Set<NodeId> peers = ConcurrentHashMap.newKeySet();
  private final NodeControl control;
  private final InstantSource clock;
  private final StatusCounters counters;

  /**
   * Registers every meter.
   *
   * @param gateways those of this node
   * @param relays per gateway the relay's counters
   * @param certificateEnds by the certificate's name, when the one in effect ends
   */
  public NodeMetrics(
      NodeControl control,
      ImmutableList<GatewayId> gateways,
      ImmutableMap<GatewayId, Supplier<Traffic>> relays,
      ImmutableMap<String, Supplier<Instant>> certificateEnds,
      InstantSource clock) {
    this.control = control;
    this.clock = clock;
    registerNode();
    gateways.forEach(this::registerGateway);
    relays.forEach(this::registerRelay);
    certificateEnds.forEach(this::registerCertificate);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gc.bindTo(registry);
    this.counters = new StatusCounters(control, registry, gateways);
  }

  /** All meters in Prometheus' text format. */
  public String scrape() {
    control.status().lastContact().keySet().forEach(this::registerPeer);
    return registry.scrape();
  }

  /** The content type of {@link #scrape}. */
  public static String contentType() {
    return "text/plain; version=0.0.4; charset=utf-8";
  }

  @Override
  public void close() {
    counters.close();
    gc.close();
    registry.close();
  }

  private void registerNode() {
    gauge(MeterName.LEASE_REMAINING, Tags.empty(), this::leaseRemaining);
    gauge(MeterName.COORDINATION_CONNECTED, Tags.empty(), status -> number(status.connected()));
    gauge(
        MeterName.SNAPSHOT_AGE,
        Tags.empty(),
        status -> seconds(status.clusterAge().plus(sinceStatus(status))));
    gauge(MeterName.STATUS_AGE, Tags.empty(), status -> seconds(sinceStatus(status)));
    gauge(MeterName.BUILD_INFO, Tags.of("version", control.status().self().version()), _ -> 1.0);
    FunctionCounter.builder(
            MeterName.LOOP_PASSES.meter(), control, c -> (double) c.status().passes())
        .description(MeterName.LOOP_PASSES.description())
        .register(registry);
  }

  private void registerGateway(GatewayId gateway) {
    Tags tags = Tags.of("gateway", gateway.value());
    for (Phase phase : Phase.values()) {
      cell(
          MeterName.CELL_PHASE,
          gateway,
          tags.and("phase", phase.name().toLowerCase(Locale.ROOT)),
          cell -> number(cell.phase() == phase));
    }
    cell(MeterName.CELL_EPOCH, gateway, tags, cell -> (double) cell.epoch().number());
    cell(MeterName.CELL_READY, gateway, tags, cell -> number(cell.ready()));
    cell(MeterName.GATE_OPEN, gateway, tags, cell -> number(cell.gateOpen()));
    cell(
        MeterName.GATEWAY_AUTHENTICATED,
        gateway,
        tags,
        cell -> number(cell.session() == SessionState.ESTABLISHED));
    cell(
        MeterName.DISCREPANCIES,
        gateway,
        tags,
        cell -> cell.reconciliation().map(r -> (double) r.discrepancies().size()).orElse(0.0));
    gauge(
        MeterName.CELL_LEADER,
        tags,
        status ->
            number(
                records(status, gateway)
                    .flatMap(records -> records.election().elected())
                    .filter(status.self().node()::equals)
                    .isPresent()));
    gauge(
        MeterName.LOGIN_CODE_REQUESTED,
        tags,
        status -> number(status.codeRequested().getOrDefault(gateway, false)));
    registerLedger(gateway, tags);
    directive(gateway, "paused", Directives::paused);
    directive(gateway, "logged_out", Directives::loggedOut);
    directive(gateway, "trading_halted", Directives::tradingHalted);
    directive(gateway, "switchover", directives -> directives.switchover().isPresent());
  }

  private void registerLedger(GatewayId gateway, Tags tags) {
    ledger(
        MeterName.LOGIN_FAILURES_IN_ROW, gateway, tags, ledger -> (double) ledger.failuresInRow());
    ledger(
        MeterName.LOGIN_LOCKED,
        gateway,
        tags,
        ledger -> number(ledger.lockedUntil().filter(clock.instant()::isBefore).isPresent()));
    ledger(
        MeterName.LOGIN_LAST_SUCCESS,
        gateway,
        tags,
        ledger -> ledger.lastSuccess().map(at -> at.toEpochMilli() / 1_000.0).orElse(0.0));
  }

  private void registerRelay(GatewayId gateway, Supplier<Traffic> relay) {
    Tags tags = Tags.of("gateway", gateway.value());
    relayCounter(MeterName.RELAY_CONNECTIONS, tags, relay, t -> (double) t.connections());
    relayCounter(
        MeterName.RELAY_BYTES,
        tags.and("direction", "to_gateway"),
        relay,
        t -> (double) t.bytesToGateway());
    relayCounter(
        MeterName.RELAY_BYTES,
        tags.and("direction", "to_clients"),
        relay,
        t -> (double) t.bytesToClients());
    Gauge.builder(
            MeterName.RELAY_OPEN_CONNECTIONS.meter(),
            relay,
            r -> (double) r.get().openConnections())
        .description(MeterName.RELAY_OPEN_CONNECTIONS.description())
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private void registerCertificate(String certificate, Supplier<Instant> ends) {
    gauge(
        MeterName.CERTIFICATE_EXPIRY,
        Tags.of("certificate", certificate),
        _ -> (double) ends.get().getEpochSecond());
  }

  private void registerPeer(NodeId node) {
    boolean self = node.equals(control.status().self().node());
    if (!self && peers.size() < PEERS_MAX && peers.add(node)) {
      gauge(
          MeterName.PEER_LAST_CONTACT,
          Tags.of("node", node.value()),
          status ->
              Optional.ofNullable(status.lastContact().get(node))
                  .map(contact -> seconds(contact.plus(sinceStatus(status))))
                  .orElse(Double.NaN));
    }
  }

  private void relayCounter(
      MeterName name, Tags tags, Supplier<Traffic> relay, ToDoubleFunction<Traffic> value) {
    FunctionCounter.builder(name.meter(), relay, r -> value.applyAsDouble(r.get()))
        .description(name.description())
        .baseUnit(name.unit().isEmpty() ? null : name.unit())
        .tags(tags)
        .register(registry);
  }

  private void cell(
      MeterName name, GatewayId gateway, Tags tags, ToDoubleFunction<CellRecord> value) {
    gauge(
        name,
        tags,
        status -> status.self().cell(gateway).map(value::applyAsDouble).orElse(Double.NaN));
  }

  private void ledger(
      MeterName name, GatewayId gateway, Tags tags, ToDoubleFunction<LoginLedger> value) {
    gauge(
        name,
        tags,
        status ->
            records(status, gateway)
                .map(records -> value.applyAsDouble(records.ledger().value()))
                .orElse(Double.NaN));
  }

  private void directive(GatewayId gateway, String directive, Predicate<Directives> holds) {
    gauge(
        MeterName.DIRECTIVE,
        Tags.of("gateway", gateway.value(), "directive", directive),
        status ->
            records(status, gateway)
                .map(records -> number(holds.test(records.directives().value())))
                .orElse(Double.NaN));
  }

  private void gauge(MeterName name, Tags tags, ToDoubleFunction<NodeStatus> value) {
    Gauge.builder(name.meter(), control, c -> value.applyAsDouble(c.status()))
        .description(name.description())
        .baseUnit(name.unit().isEmpty() ? null : name.unit())
        .tags(tags)
        .strongReference(true)
        .register(registry);
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

  private static Optional<GatewayRecords> records(NodeStatus status, GatewayId gateway) {
    return status.cluster().map(cluster -> cluster.gateways().get(gateway));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double number(boolean holds) {
    return holds ? 1.0 : 0.0;
  }
}
