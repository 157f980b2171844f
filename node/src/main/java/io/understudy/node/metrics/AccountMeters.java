package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.AccountFigures;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.account.OrderCounts;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.Observations.AccountLook;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What the accounts are worth, shown by the node that serves and only while it is known. An account
 * is labelled with the number under which its mark is kept, never with the account number.
 */
final class AccountMeters {
  /** Two looks that failed; after that what was read says nothing of now. */
  private static final Duration AGE_MAX = Duration.ofSeconds(150);

  private static final String DOLLAR = "USD";

  private final ImmutableList<GatewayId> gateways;
  private final Meters meters;
  private final NodeControl control;
  private final InstantSource clock;

  private AccountMeters(
      ImmutableList<GatewayId> gateways, Meters meters, NodeControl control, InstantSource clock) {
    this.gateways = gateways;
    this.meters = meters;
    this.control = control;
    this.clock = clock;
  }

  static void register(
      ImmutableList<CellSettings> cells, Meters meters, NodeControl control, InstantSource clock) {
    AccountMeters account =
        new AccountMeters(
            cells.stream().map(CellSettings::gateway).collect(ImmutableList.toImmutableList()),
            meters,
            control,
            clock);
    account.registerFigures();
    account.registerOrders();
  }

  /** What a gauge makes of an account and the marks; empty: it is left out. */
  private interface Reckoning {
    Optional<BigDecimal> of(AccountFigures figures, HighWaterMarks marks);
  }

  private void registerFigures() {
    dollars(MeterName.NAV, (figures, _) -> Optional.of(figures.netLiquidation()));
    dollars(MeterName.GROSS_EXPOSURE, (figures, _) -> figures.grossExposure());
    dollars(MeterName.NET_EXPOSURE, (figures, _) -> figures.netExposure());
    dollars(
        MeterName.NAV_HIGH_WATER,
        (figures, marks) ->
            marks
                .of(figures.account())
                .filter(mark -> mark.currency().equals(DOLLAR))
                .map(HighWaterMarks.Mark::netLiquidation));
    gauge(MeterName.DRAWDOWN, (figures, marks) -> marks.drawdownPercent(figures));
  }

  private void dollars(MeterName name, Reckoning reckoning) {
    gauge(
        name,
        (figures, marks) ->
            figures.currency().equals(DOLLAR) ? reckoning.of(figures, marks) : Optional.empty());
  }

  private void gauge(MeterName name, Reckoning reckoning) {
    meters.gauges(
        name,
        points -> {
          NodeStatus status = control.status();
          gateways.forEach(gateway -> add(status, gateway, reckoning, points));
        });
  }

  private void add(
      NodeStatus status, GatewayId gateway, Reckoning reckoning, Meters.Points points) {
    Optional<AccountLook> look = look(status, gateway).filter(l -> isOfNow(status, gateway, l));
    if (look.isEmpty()) {
      return;
    }
    HighWaterMarks marks = marks(status, gateway);
    for (AccountFigures figures : look.get().reading().accounts()) {
      Optional<Integer> number = marks.number(figures.account());
      Optional<BigDecimal> value = reckoning.of(figures, marks);
      if (number.isPresent() && value.isPresent()) {
        points.add(value.get().doubleValue(), gateway.value(), Integer.toString(number.get()));
      }
    }
  }

  private boolean isOfNow(NodeStatus status, GatewayId gateway, AccountLook look) {
    boolean serves =
        status.self().cell(gateway).filter(cell -> cell.phase() == Phase.SERVING).isPresent();
    Duration age = Duration.between(look.readAt(), clock.instant());
    return serves && age.compareTo(AGE_MAX) < 0;
  }

  private void registerOrders() {
    orders(MeterName.ORDERS_SUBMITTED, OrderCounts::submitted);
    orders(MeterName.ORDERS_FILLED, OrderCounts::filled);
    orders(MeterName.ORDERS_REJECTED, OrderCounts::rejected);
  }

  /**
   * There from the first look on, so that a node that has never served does not say "no orders".
   */
  private void orders(MeterName name, ToLongFunction<OrderCounts> count) {
    meters.counters(
        name,
        points -> {
          NodeStatus status = control.status();
          for (GatewayId gateway : gateways) {
            look(status, gateway)
                .ifPresent(look ->
                    points.add(
                        (double) count.applyAsLong(look.reading().orders()), gateway.value()));
          }
        });
  }

  private static Optional<AccountLook> look(NodeStatus status, GatewayId gateway) {
    return Optional.ofNullable(status.accounts().get(gateway));
  }

  private static HighWaterMarks marks(NodeStatus status, GatewayId gateway) {
    return status
        .cluster()
        .flatMap(cluster -> Optional.ofNullable(cluster.gateways().get(gateway)))
        .map(records -> records.marks().value())
        .orElse(HighWaterMarks.NONE);
  }
}
