package io.understudy.node.api;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import io.understudy.node.api.Requests.ReasonRule;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.wire.DrillMessages;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.AbortDrillRequest;
import io.understudy.v1.DrillMeasurement;
import io.understudy.v1.MeasureDrillRequest;
import io.understudy.v1.PreflightRequest;
import io.understudy.v1.StartDrillRequest;
import java.time.Duration;

/** Checks what a request on drills says and turns it into a command. Pure. */
record DrillRequests(Requests requests) {
  private static final int OVERRULE_MAX = 20;
  private static final int OVERRULE_CODE_MAX = 64;
  private static final int CLIENT_MAX = 100;
  private static final Duration RTO_MIN = Duration.ofSeconds(1);
  private static final Duration MEASURED_MAX = Duration.ofDays(1);

  Command preflight(PreflightRequest request, Caller caller, ImmutableList<ServerView> servers)
      throws RefusedException {
    return new Command.PlanDrill(
        new Command.Meta(
            requests.gateway(request.getGateway()), "", Epoch.NONE, "", caller.name(), true),
        plan(request.getPlan()),
        servers);
  }

  Command start(StartDrillRequest request, Caller caller, ImmutableList<ServerView> servers)
      throws RefusedException {
    return new Command.StartDrill(
        requests.meta(request.getMutation(), caller, ReasonRule.REQUIRED),
        plan(request.getPlan()),
        servers);
  }

  Command abort(AbortDrillRequest request, Caller caller) throws RefusedException {
    return new Command.AbortDrill(
        requests.meta(request.getMutation(), caller, ReasonRule.REQUIRED),
        drill(request.getDrill()));
  }

  Command measure(MeasureDrillRequest request, Caller caller) throws RefusedException {
    DrillMeasurement measurement = request.getMeasurement();
    text("measurement.client", measurement.getClient(), CLIENT_MAX);
    within("measurement.probe_interval", measurement.getProbeInterval());
    within("measurement.outage", measurement.getOutage());
    within("measurement.fall_back_outage", measurement.getFallBackOutage());
    Requests.check(
        measurement.getProbes() >= 0
            && measurement.getAnswered() >= 0
            && measurement.getDoubled() >= 0,
        "measurement",
        "measurement: a number that is too large (expected: at most 2147483647)");
    return new Command.MeasureDrill(
        requests.meta(request.getMutation(), caller, ReasonRule.OPTIONAL),
        drill(request.getDrill()),
        DrillMessages.measurement(measurement));
  }

  private static DrillPlan plan(io.understudy.v1.DrillPlan plan) throws RefusedException {
    Requests.check(
        plan.getKindValue() >= 1 && plan.getKind() != io.understudy.v1.DrillKind.UNRECOGNIZED,
        "plan.kind",
        "plan.kind: not a kind of drill that this version knows (expected: switchover, crash,"
            + " partition, gateway-crash or login-only)");
    if (!plan.getTarget().isEmpty()) {
      Requests.check(
          plan.getKind() == io.understudy.v1.DrillKind.DRILL_KIND_SWITCHOVER,
          "plan.target",
          "plan.target: only a switchover has a target (expected: none)");
      var _ = Requests.node("plan.target", plan.getTarget());
    }
    if (plan.hasRto()) {
      Duration rto = WireTimes.duration(plan.getRto());
      Requests.check(
          rto.compareTo(RTO_MIN) >= 0 && rto.compareTo(DrillSettings.TIMEOUT_MAX) <= 0,
          "plan.rto",
          "plan.rto: %d s (expected: 1 s to %d s)"
              .formatted(rto.toSeconds(), DrillSettings.TIMEOUT_MAX.toSeconds()));
    }
    if (plan.hasTimeout()) {
      Duration timeout = WireTimes.duration(plan.getTimeout());
      Requests.check(
          timeout.compareTo(DrillSettings.TIMEOUT_MIN) >= 0
              && timeout.compareTo(DrillSettings.TIMEOUT_MAX) <= 0,
          "plan.timeout",
          "plan.timeout: %d s (expected: %d s to %d s)"
              .formatted(
                  timeout.toSeconds(),
                  DrillSettings.TIMEOUT_MIN.toSeconds(),
                  DrillSettings.TIMEOUT_MAX.toSeconds()));
    }
    Requests.check(
        plan.getOverruleCount() <= OVERRULE_MAX
            && plan.getOverruleList().stream().allMatch(c -> c.length() <= OVERRULE_CODE_MAX),
        "plan.overrule",
        "plan.overrule: too much (expected: at most %d codes of checks)".formatted(OVERRULE_MAX));
    return DrillMessages.plan(plan);
  }

  private static String drill(String id) throws RefusedException {
    text("drill", id, 64);
    return id;
  }

  private static void text(String field, String value, int max) throws RefusedException {
    Requests.check(
        !value.isBlank()
            && value.length() <= max
            && CharMatcher.javaIsoControl().matchesNoneOf(value),
        field,
        field + ": missing or malformed (expected: 1 to " + max + " characters on one line)");
  }

  private static void within(String field, com.google.protobuf.Duration value)
      throws RefusedException {
    boolean sound =
        value.getSeconds() >= 0
            && value.getNanos() >= 0
            && value.getNanos() < 1_000_000_000
            && value.getSeconds() <= MEASURED_MAX.toSeconds();
    Requests.check(
        sound, field, field + ": malformed (expected: 0 to " + MEASURED_MAX.toHours() + " h)");
  }
}
