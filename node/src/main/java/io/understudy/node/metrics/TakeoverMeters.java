package io.understudy.node.metrics;

import io.understudy.node.core.model.GatewayId;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The histograms of takeovers, shared by all gateways of this node. Any thread. */
final class TakeoverMeters {
  private final EpochHistogram steps;
  private final EpochHistogram takeovers;
  private final EpochHistogram codeWaits;

  TakeoverMeters(Meters meters) {
    steps =
        meters.histogram(MeterName.TAKEOVER_PHASE, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120);
    takeovers = meters.histogram(MeterName.TAKEOVER, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300);
    codeWaits = meters.histogram(MeterName.LOGIN_TOTP_WAIT, 1, 5, 10, 15, 20, 25, 30, 60);
  }

  void show(GatewayId gateway) {
    for (TakeoverClock.Step step : TakeoverClock.Step.values()) {
      steps.show(gateway.value(), label(step));
    }
    takeovers.show(gateway.value(), "true");
    takeovers.show(gateway.value(), "false");
    codeWaits.show(gateway.value());
  }

  void add(GatewayId gateway, TakeoverClock.Takeover takeover, Instant at) {
    takeover
        .steps()
        .forEach((step, spent) ->
            steps.observe(spent, takeover.epoch(), at, gateway.value(), label(step)));
    takeovers.observe(
        takeover.total(),
        takeover.epoch(),
        at,
        gateway.value(),
        Boolean.toString(takeover.clean()));
  }

  void addCodeWait(GatewayId gateway, Duration wait) {
    codeWaits.observe(wait, gateway.value());
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
