package io.understudy.node.metrics;

import io.micrometer.core.instrument.Tags;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What the published status says of one gateway now, read when it is scraped. */
final class GatewayGauges {
  private final CellSettings settings;
  private final GatewayId gateway;
  private final Tags tags;
  private final Meters meters;
  private final NodeControl control;
  private final InstantSource clock;

  private GatewayGauges(
      CellSettings settings, Meters meters, NodeControl control, InstantSource clock) {
    this.settings = settings;
    this.gateway = settings.gateway();
    this.tags = Tags.of("gateway", gateway.value());
    this.meters = meters;
    this.control = control;
    this.clock = clock;
  }

  static void register(
      CellSettings settings, Meters meters, NodeControl control, InstantSource clock) {
    GatewayGauges gauges = new GatewayGauges(settings, meters, control, clock);
    gauges.registerCell();
    gauges.registerSession();
    gauges.registerLedger();
    gauges.registerDirectives();
  }

  private void registerCell() {
    for (Phase phase : Phase.values()) {
      cell(
          MeterName.CELL_PHASE,
          tags.and("phase", phase.name().toLowerCase(Locale.ROOT)),
          cell -> number(cell.phase() == phase));
    }
    cell(MeterName.CELL_EPOCH, tags, cell -> (double) cell.epoch().number());
    cell(MeterName.CELL_READY, tags, cell -> number(cell.ready()));
    cell(MeterName.GATE_OPEN, tags, cell -> number(cell.gateOpen()));
    cell(
        MeterName.DISCREPANCIES,
        tags,
        cell -> cell.reconciliation().map(r -> (double) r.discrepancies().size()).orElse(0.0));
    gauge(
        MeterName.CELL_LEADER,
        tags,
        status ->
            number(
                records(status)
                    .flatMap(records -> records.election().elected())
                    .filter(status.self().node()::equals)
                    .isPresent()));
    gauge(
        MeterName.CELL_ELECTED,
        tags,
        status ->
            records(status)
                .map(records -> number(records.election().elected().isPresent()))
                .orElse(Double.NaN));
  }

  private void registerSession() {
    cell(MeterName.GATEWAY_AUTHENTICATED, tags, GatewayGauges::established);
    cell(MeterName.CONNECTION_UP, tags, GatewayGauges::established);
    gauge(
        MeterName.LOGIN_CODE_REQUESTED,
        tags,
        status -> number(status.codeRequested().getOrDefault(gateway, false)));
    gauge(
        MeterName.MAINTENANCE,
        tags,
        _ ->
            number(
                settings.maintenance().stream()
                    .anyMatch(window -> window.contains(clock.instant()))));
  }

  private void registerLedger() {
    ledger(MeterName.LOGIN_FAILURES_IN_ROW, ledger -> (double) ledger.failuresInRow());
    ledger(MeterName.LOGIN_BUDGET_LEFT, this::budgetLeft);
    ledger(MeterName.LOGIN_LOCKED, ledger -> number(locked(ledger)));
    ledger(
        MeterName.LOGIN_LAST_SUCCESS,
        ledger -> ledger.lastSuccess().map(at -> at.toEpochMilli() / 1e3).orElse(0.0));
  }

  private double budgetLeft(LoginLedger ledger) {
    return locked(ledger) ? 0 : Math.max(0, settings.failuresMax() - ledger.failuresInRow());
  }

  private boolean locked(LoginLedger ledger) {
    return ledger.lockedUntil().filter(clock.instant()::isBefore).isPresent();
  }

  private void registerDirectives() {
    directive("paused", Directives::paused);
    directive("logged_out", Directives::loggedOut);
    directive("trading_halted", Directives::tradingHalted);
    directive("switchover", directives -> directives.switchover().isPresent());
  }

  private void cell(MeterName name, Tags labels, ToDoubleFunction<CellRecord> value) {
    gauge(
        name,
        labels,
        status -> status.self().cell(gateway).map(value::applyAsDouble).orElse(Double.NaN));
  }

  private void ledger(MeterName name, ToDoubleFunction<LoginLedger> value) {
    gauge(
        name,
        tags,
        status ->
            records(status)
                .map(records -> value.applyAsDouble(records.ledger().value()))
                .orElse(Double.NaN));
  }

  private void directive(String directive, Predicate<Directives> holds) {
    gauge(
        MeterName.DIRECTIVE,
        tags.and("directive", directive),
        status ->
            records(status)
                .map(records -> number(holds.test(records.directives().value())))
                .orElse(Double.NaN));
  }

  private void gauge(MeterName name, Tags labels, ToDoubleFunction<NodeStatus> value) {
    meters.gauge(name, labels, control, c -> value.applyAsDouble(c.status()));
  }

  private Optional<GatewayRecords> records(NodeStatus status) {
    return status.cluster().map(cluster -> cluster.gateways().get(gateway));
  }

  private static double established(CellRecord cell) {
    return number(cell.session() == SessionState.ESTABLISHED);
  }

  private static double number(boolean holds) {
    return holds ? 1.0 : 0.0;
  }
}
