package io.understudy.node.core.drill;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.util.Optional;

/**
 * What a client that probes the relays has seen, by its own clock.
 *
 * @param client the host that measured
 * @param outage between the last answer before the fault and the first one after it
 * @param fallBackOutage the same of the way back; empty without one
 * @param doubled answers of two relays at the same moment
 */
@Immutable
public record DrillMeasurement(
    String client,
    Duration probeInterval,
    Duration outage,
    Optional<Duration> fallBackOutage,
    int probes,
    int answered,
    int doubled) {}
