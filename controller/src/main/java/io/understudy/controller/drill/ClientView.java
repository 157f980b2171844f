package io.understudy.controller.drill;

import io.understudy.v1.Drill;
import io.understudy.v1.DrillMeasurement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a probing client saw through the relays, by its own clock.
 *
 * @param client the host that it ran on
 * @param outage between the last answer before the fault and the first one after it
 * @param there the outage in parts, as the client saw the phases; absent in what the cluster keeps
 * @param stretches in which a relay let requests through; none in what the cluster keeps
 * @param remarks what is to be known about the figures, one sentence each
 */
public record ClientView(
    String client,
    Duration interval,
    int probes,
    int answered,
    int doubled,
    Optional<Duration> outage,
    Optional<Duration> fallBackOutage,
    Optional<Passage> there,
    Optional<Passage> back,
    List<Stretch> stretches,
    List<String> remarks) {
  public ClientView {
    stretches = List.copyOf(stretches);
    remarks = List.copyOf(remarks);
  }

  /** A relay let requests through all the time. */
  public record Stretch(String node, Instant from, Instant to) {}

  /** What the record of the drill holds of it. */
  public static Optional<ClientView> of(Drill drill) {
    if (!drill.hasMeasurement()) {
      return Optional.empty();
    }
    DrillMeasurement kept = drill.getMeasurement();
    return Optional.of(
        new ClientView(
            kept.getClient(),
            DrillWords.duration(kept.getProbeInterval()),
            kept.getProbes(),
            kept.getAnswered(),
            kept.getDoubled(),
            kept.hasOutage()
                ? Optional.of(DrillWords.duration(kept.getOutage()))
                : Optional.empty(),
            kept.hasFallBackOutage()
                ? Optional.of(DrillWords.duration(kept.getFallBackOutage()))
                : Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(
                "The cluster keeps the client's figures without its timeline; that is in the"
                    + " report that was written when the drill ran.")));
  }
}
