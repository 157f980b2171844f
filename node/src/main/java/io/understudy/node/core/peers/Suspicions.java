package io.understudy.node.core.peers;

import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.model.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What does not fit together at this moment, each in a sentence. Only what lasts becomes a
 * condition, which {@link PeerWatch} sees to. Pure.
 */
final class Suspicions {
  /** WireGuard uses a key for three minutes at most, and renews it before when data flows. */
  private static final Duration HANDSHAKE_AGE_MAX = Duration.ofSeconds(210);

  private final PeerWatch watch;
  private final Surroundings here;

  private Suspicions(PeerWatch watch, Surroundings here) {
    this.watch = watch;
    this.here = here;
  }

  static ImmutableSortedMap<PeerCondition.Type, String> of(
      PeerWatch watch, Surroundings here, Instant now) {
    Suspicions suspicions = new Suspicions(watch, here);
    ImmutableSortedMap.Builder<PeerCondition.Type, String> all = ImmutableSortedMap.naturalOrder();
    for (PeerCondition.Type type : PeerCondition.Type.values()) {
      suspicions.of(type, now).ifPresent(sentence -> all.put(type, sentence));
    }
    return all.buildOrThrow();
  }

  private Optional<String> of(PeerCondition.Type type, Instant now) {
    return switch (type) {
      case PEER_UNREACHABLE_BUT_REGISTERED -> unreachable();
      case PEER_REGISTERED_ELSEWHERE -> report().flatMap(this::elsewhere);
      case CLOCK_SKEW -> clockSkew();
      case TUNNEL_STALE -> tunnelStale(now);
      case SPLIT_VIEW -> report().flatMap(this::splitView);
      case VERSION_SKEW -> report().flatMap(this::versionSkew);
    };
  }

  /** What the peer says, while it answers. */
  private Optional<PeerReport> report() {
    return watch.answer().map(PeerAnswer::report);
  }

  private Optional<String> unreachable() {
    return !watch.lost() || !here.connected() || here.registered().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "node %s does not answer at %s, and its coordination session lives: look at that host, and at the tunnel and the firewalls in between"
                .formatted(watch.node(), watch.address()));
  }

  private Optional<String> elsewhere(PeerReport report) {
    if (!report.connected() || !here.connected() || report.instance().isEmpty()) {
      return Optional.empty();
    }
    Optional<InstanceId> registered = here.registered();
    if (registered.isEmpty()) {
      return Optional.of(
          "node %s answers and says that coordination answers it, and has no record there: compare the servers and the cluster's name in the configurations of both nodes"
              .formatted(watch.node()));
    }
    return registered.equals(report.instance())
        ? Optional.empty()
        : Optional.of(
            "another process is registered as node %s than the one that answers at %s: stop the one that should not run"
                .formatted(watch.node(), watch.address()));
  }

  /** Once it is a condition, it ends when the clocks are well within what is allowed. */
  private Optional<String> clockSkew() {
    Duration max =
        watch.holds(PeerCondition.Type.CLOCK_SKEW)
            ? here.clockSkewMax().dividedBy(2)
            : here.clockSkewMax();
    return watch
        .sharpest()
        .filter(answer -> answer.certainOffset().compareTo(max) > 0)
        .map(PeerAnswer::clockOffset)
        .map(offset ->
            // The same on every machine that replays it, whatever its language.
            String.format(
                Locale.ROOT,
                "the clock of node %s is %.1f s %s this node's: look at the time synchronisation of both hosts",
                watch.node(),
                offset.abs().toMillis() / 1000.0,
                offset.isNegative() ? "behind" : "ahead of"));
  }

  /** Of a peer that is away altogether, no tunnel is expected to carry anything. */
  private Optional<String> tunnelStale(Instant now) {
    if (!watch.reachable() && here.registered().isEmpty()) {
      return Optional.empty();
    }
    return watch
        .handshakeAt()
        .filter(at -> Duration.between(at, now).compareTo(HANDSHAKE_AGE_MAX) > 0)
        .map(at ->
            "the tunnel to node %s had its last handshake at %s, and carries nothing since its keys ran out: look at `wg show` on both hosts"
                .formatted(watch.node(), at));
  }

  private Optional<String> splitView(PeerReport report) {
    return here.gateways().stream()
        .flatMap(
            own -> report.sight(own.gateway()).flatMap(its -> split(own, its, report)).stream())
        .findFirst();
  }

  private Optional<String> split(GatewaySight own, GatewaySight its, PeerReport report) {
    if (own.acts() && its.acts()) {
      return Optional.of(
          "both nodes act for gateway %s: node %s under epoch %s, and this node under epoch %s"
              .formatted(own.gateway(), watch.node(), its.actsUnder(), own.actsUnder()));
    }
    if (here.connected() && its.acts() && own.epoch().isAfter(its.actsUnder())) {
      return Optional.of(
          "node %s says that it acts for gateway %s under epoch %s, and epoch %s was claimed since"
              .formatted(watch.node(), own.gateway(), its.actsUnder(), own.epoch()));
    }
    if (!here.connected() || !report.connected()) {
      return Optional.empty();
    }
    if (!own.epoch().equals(its.epoch())) {
      return Optional.of(
          "of gateway %s node %s knows epoch %s, and this node epoch %s"
              .formatted(own.gateway(), watch.node(), its.epoch(), own.epoch()));
    }
    boolean twoLeaders =
        own.leader().isPresent() && its.leader().isPresent() && !own.leader().equals(its.leader());
    return twoLeaders
        ? Optional.of(
            "of gateway %s node %s sees node %s elected, and this node sees node %s"
                .formatted(
                    own.gateway(),
                    watch.node(),
                    its.leader().orElseThrow(),
                    own.leader().orElseThrow()))
        : Optional.empty();
  }

  private Optional<String> versionSkew(PeerReport report) {
    return report.version().equals(here.version())
        ? Optional.empty()
        : Optional.of(
            "node %s runs version %s, and this node %s: update the older one"
                .formatted(watch.node(), report.version(), here.version()));
  }
}
