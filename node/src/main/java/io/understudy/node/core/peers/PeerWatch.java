package io.understudy.node.core.peers;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Iterables;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a node remembers of a peer from probe to probe. Pure; lost on a crash, and learnt again
 * within seconds.
 *
 * <p>One probe that is lost is no news: a peer is out of reach after three in a row, and in reach
 * again after one that is answered. What does not fit together becomes a condition when it has
 * lasted, and stops being one when nothing has spoken for it for three seconds.
 *
 * @param address host:port that is probed
 * @param misses probes in a row without an answer
 * @param since when {@code reachable} last changed
 * @param answers the latest, oldest first
 * @param answeredAt when the last answered probe was sent
 * @param handshakeAt when the tunnel last renewed its keys; empty while that cannot be read
 * @param goneSince since when its record is missing; empty while there is one
 * @param doubts suspicions and conditions
 */
@Immutable
public record PeerWatch(
    NodeId node,
    String address,
    boolean reachable,
    int misses,
    Instant since,
    ImmutableList<PeerAnswer> answers,
    Optional<MonotonicTime> answeredAt,
    Optional<Instant> handshakeAt,
    Optional<MonotonicTime> goneSince,
    ImmutableSortedMap<PeerCondition.Type, Doubt> doubts) {
  private static final int MISSES_MAX = 3;

  /** Enough for one that met no queue on its way. */
  private static final int ANSWERS_KEPT = 8;

  /** A peer that has a record, and was never probed. */
  public static PeerWatch begun(NodeId node, String address, Instant now) {
    return new PeerWatch(
        node,
        address,
        false,
        0,
        now,
        ImmutableList.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ImmutableSortedMap.of());
  }

  /** Its record in coordination was read. */
  public PeerWatch registered(String recordedAddress) {
    return goneSince.isEmpty() && address.equals(recordedAddress)
        ? this
        : new PeerWatch(
            node,
            recordedAddress,
            reachable,
            misses,
            since,
            answers,
            answeredAt,
            address.equals(recordedAddress) ? handshakeAt : Optional.empty(),
            Optional.empty(),
            doubts);
  }

  /** Its record is missing in a read of coordination that has just arrived. */
  public PeerWatch gone(MonotonicTime now) {
    return goneSince.isPresent()
        ? this
        : new PeerWatch(
            node,
            address,
            reachable,
            misses,
            since,
            answers,
            answeredAt,
            handshakeAt,
            Optional.of(now),
            doubts);
  }

  /** One more probe came to its end. */
  public PeerWatch probed(PeerProbe probe, Now now) {
    int missed = probe.answer().isPresent() ? 0 : Math.min(misses + 1, MISSES_MAX);
    boolean reached = probe.answer().isPresent() || (reachable && missed < MISSES_MAX);
    return new PeerWatch(
        node,
        address,
        reached,
        missed,
        reached == reachable ? since : now.wall(),
        reached ? latest(probe) : ImmutableList.of(),
        probe.answer().isPresent() ? Optional.of(probe.sentAt()) : answeredAt,
        latest(probe.tunnel()),
        goneSince,
        doubts);
  }

  /** A tunnel that was set up anew and has no handshake yet is as old as the one before it. */
  private Optional<Instant> latest(TunnelSight tunnel) {
    return switch (tunnel) {
      case TunnelSight.Handshake(Instant at) -> Optional.of(at);
      case TunnelSight.NoHandshake() -> handshakeAt;
      case TunnelSight.Unreadable() -> Optional.empty();
    };
  }

  private ImmutableList<PeerAnswer> latest(PeerProbe probe) {
    if (probe.answer().isEmpty()) {
      return answers;
    }
    return ImmutableList.<PeerAnswer>builder()
        .addAll(answers.subList(Math.max(0, answers.size() + 1 - ANSWERS_KEPT), answers.size()))
        .add(probe.answer().orElseThrow())
        .build();
  }

  /** Compares what it says with what is known here. After each probe. */
  public PeerWatch judged(Surroundings here, Now now) {
    ImmutableSortedMap<PeerCondition.Type, String> suspicions =
        Suspicions.of(this, here, now.wall());
    ImmutableSortedMap.Builder<PeerCondition.Type, Doubt> next = ImmutableSortedMap.naturalOrder();
    for (PeerCondition.Type type : PeerCondition.Type.values()) {
      Optional<Doubt> before = Optional.ofNullable(doubts.get(type));
      Optional<String> sentence = Optional.ofNullable(suspicions.get(type));
      Optional<Doubt> after =
          sentence.isEmpty()
              ? before.flatMap(doubt -> doubt.unconfirmed(now.monotonic()))
              : Optional.of(
                  before
                      .map(doubt -> doubt.confirmed(type, sentence.get(), now.monotonic()))
                      .orElseGet(() -> Doubt.arisen(type, sentence.get(), now.monotonic())));
      after.ifPresent(doubt -> next.put(type, doubt));
    }
    return new PeerWatch(
        node,
        address,
        reachable,
        misses,
        since,
        answers,
        answeredAt,
        handshakeAt,
        goneSince,
        next.buildOrThrow());
  }

  /** Whether everything that it says fits together. */
  public boolean unsuspected() {
    return doubts.isEmpty();
  }

  /** Whether this is a condition now. */
  public boolean holds(PeerCondition.Type type) {
    Doubt doubt = doubts.get(type);
    return doubt != null && doubt.condition();
  }

  /** What there is to say of it, once it is a suspicion. */
  public Optional<String> sentence(PeerCondition.Type type) {
    return Optional.ofNullable(doubts.get(type)).map(Doubt::sentence);
  }

  /** Whether a probe of it ever came to its end. */
  public boolean known() {
    return answeredAt.isPresent() || misses > 0;
  }

  /** Whether so many probes in a row were lost that it counts as out of reach. */
  boolean lost() {
    return misses >= MISSES_MAX;
  }

  /**
   * The epoch under which it says that it acts for a gateway, in an answer to a probe that was sent
   * when its record was gone from coordination already.
   */
  public Optional<Epoch> actsUnregistered(GatewayId gateway) {
    boolean askedSince =
        goneSince.isPresent()
            && answeredAt.filter(at -> !at.isBefore(goneSince.orElseThrow())).isPresent();
    return askedSince
        ? answer()
            .flatMap(answer -> answer.report().sight(gateway))
            .filter(GatewaySight::acts)
            .map(GatewaySight::actsUnder)
        : Optional.empty();
  }

  /** The last answer; empty while it is out of reach. */
  Optional<PeerAnswer> answer() {
    return Optional.ofNullable(Iterables.getLast(answers, null));
  }

  /** Of the latest answers the one with the shortest round trip: it knows the clock best. */
  Optional<PeerAnswer> sharpest() {
    return answers.stream().min(Comparator.comparing(PeerAnswer::roundTrip));
  }

  /** As it is shown. */
  public PeerView view(Instant now) {
    ImmutableList.Builder<PeerCondition> conditions = ImmutableList.builder();
    doubts.forEach((type, doubt) -> {
      if (doubt.condition()) {
        conditions.add(new PeerCondition(type, doubt.sentence()));
      }
    });
    return new PeerView(
        node,
        reachable,
        since,
        answer().map(PeerAnswer::roundTrip),
        sharpest().map(PeerAnswer::clockOffset),
        handshakeAt.map(at -> Duration.between(at, now)).filter(age -> !age.isNegative()),
        answer().map(answer -> answer.report().version()),
        conditions.build());
  }
}
