package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.DrillVerdict;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.metrics.Meters.Points;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The last drill of each gateway, as it is on record. Read at a scrape. */
final class DrillGauges {
  private DrillGauges() {}

  static void register(ImmutableList<CellSettings> cells, Meters meters, NodeControl control) {
    ImmutableList<GatewayId> gateways =
        cells.stream().map(CellSettings::gateway).collect(ImmutableList.toImmutableList());
    meters.gauges(
        MeterName.DRILL_UNDER_WAY, points -> underWay(gateways, control.status(), points));
    ended(
        meters,
        MeterName.DRILL_LAST,
        gateways,
        control,
        drill -> drill.endedAt().map(at -> at.toEpochMilli() / 1e3));
    ended(
        meters,
        MeterName.DRILL_LAST_PASSED,
        gateways,
        control,
        drill -> Optional.of(drill.stage() == DrillStage.PASSED ? 1.0 : 0.0));
    ended(
        meters,
        MeterName.DRILL_LAST_RECOVERY,
        gateways,
        control,
        drill -> DrillVerdict.recovery(drill).map(Duration::toMillis).map(millis -> millis / 1e3));
  }

  private static void underWay(
      ImmutableList<GatewayId> gateways, NodeStatus status, Points points) {
    for (GatewayId gateway : gateways) {
      status
          .cluster()
          .map(cluster -> cluster.gateways().get(gateway))
          .map(records -> records.drill().value().underWay().isPresent() ? 1.0 : 0.0)
          .ifPresent(value -> points.add(value, gateway.value()));
    }
  }

  private static void ended(
      Meters meters,
      MeterName name,
      ImmutableList<GatewayId> gateways,
      NodeControl control,
      Function<Drill, Optional<Double>> value) {
    meters.gauges(
        name,
        points -> {
          for (GatewayId gateway : gateways) {
            control
                .status()
                .cluster()
                .map(cluster -> cluster.gateways().get(gateway))
                .flatMap(records -> records.drill().value().drill())
                .filter(drill -> drill.stage().ended())
                .flatMap(value)
                .ifPresent(number -> points.add(number, gateway.value()));
          }
        });
  }
}
