package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Iterables;
import com.google.common.collect.Maps;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.GatewaySight;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerWatch;
import io.understudy.node.core.peers.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The nodes watch each other: each probes every other once a second, compares what that one says
 * with what is known here, and tells of what does not fit together.
 *
 * <p>What a probe says never entitles anybody to anything, and never holds a takeover back: who may
 * lead is a matter of coordination and of leases alone. A former leader that says that it still
 * acts, although its session is over, makes the takeover say so and compare strictly.
 */
final class PeerRules {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Codes still work at that, records of two nodes are hard to put in order; the doctor's too. */
  private static final Duration CLOCK_SKEW_MAX = Duration.ofSeconds(2);

  /** How long a peer without a record and without an answer is remembered. */
  private static final Duration ABSENT_KEPT = Duration.ofHours(24);

  private static final int PEERS_MAX = 16;

  /** Of how many gateways the history is told: a takeover is not to wait behind such lines. */
  private static final int TOLD_GATEWAYS_MAX = 8;

  private PeerRules() {}

  /** The peers after this pass. */
  static ImmutableMap<NodeId, WatchedPeer> watch(NodePass pass, NodeState state) {
    ImmutableMap<NodeId, WatchedPeer> before = known(pass, state);
    List<WatchedPeer> after = new ArrayList<>(before.size());
    boolean same = true;
    for (WatchedPeer peer : before.values()) {
      WatchedPeer probed = probe(pass, settled(pass, state, registration(pass, peer)));
      if (forgotten(pass, probed)) {
        same = false;
      } else {
        same &= probed.equals(peer);
        after.add(probed);
      }
    }
    // Most passes fall between two probes, when there is nothing new.
    return same ? before : byNode(after);
  }

  private static ImmutableMap<NodeId, WatchedPeer> byNode(List<WatchedPeer> peers) {
    return peers.stream()
        .sorted(Comparator.comparing(peer -> peer.watch().node()))
        .collect(ImmutableMap.toImmutableMap(peer -> peer.watch().node(), peer -> peer));
  }

  /** Those of before, and whoever has a record now. */
  private static ImmutableMap<NodeId, WatchedPeer> known(NodePass pass, NodeState state) {
    if (!somebodyNew(pass, state)) {
      return state.peers();
    }
    MonotonicTime now = pass.now.monotonic();
    List<WatchedPeer> all = new ArrayList<>(state.peers().values());
    pass.nodes.values().stream()
        .filter(record -> !record.node().equals(pass.settings.self()))
        .filter(record -> !state.peers().containsKey(record.node()))
        .limit(Math.max(0, PEERS_MAX - state.peers().size()))
        .map(record -> PeerWatch.begun(record.node(), record.peerAddress(), pass.now.wall()))
        .forEach(watch ->
            all.add(new WatchedPeer(watch, Optional.empty(), now, ImmutableSortedMap.of())));
    return byNode(all);
  }

  private static boolean somebodyNew(NodePass pass, NodeState state) {
    for (NodeId id : pass.nodes.keySet()) {
      if (!id.equals(pass.settings.self()) && !state.peers().containsKey(id)) {
        return true;
      }
    }
    return false;
  }

  private static boolean forgotten(NodePass pass, WatchedPeer peer) {
    return !peer.watch().reachable()
        && peer.probe().isEmpty()
        && peer.watch()
            .goneSince()
            .filter(at -> pass.now.monotonic().since(at).compareTo(ABSENT_KEPT) > 0)
            .isPresent();
  }

  /** Whether it has a record; when it has lost it, it is probed at once. */
  private static WatchedPeer registration(NodePass pass, WatchedPeer peer) {
    PeerWatch watch = peer.watch();
    NodeRecord record = pass.nodes.get(watch.node());
    if (record != null) {
      return peer.with(watch.registered(record.peerAddress()));
    }
    if (watch.goneSince().isPresent() || pass.seen.snapshot().isEmpty()) {
      return peer;
    }
    MonotonicTime now = pass.now.monotonic();
    return new WatchedPeer(watch.gone(now), peer.probe(), now, peer.told());
  }

  /** Takes in the probe that came to its end, judges what it says, and tells of changes. */
  private static WatchedPeer settled(NodePass pass, NodeState state, WatchedPeer peer) {
    if (!(peer.probe().map(pass.seen.outcomes()::get).orElse(null)
        instanceof Observation.PeerProbed probed)) {
      return peer.watch().known() ? told(pass, peer) : peer;
    }
    PeerWatch watch =
        peer.watch()
            .probed(probed.probe(), pass.now)
            .judged(surroundings(pass, state, peer.watch().node()), pass.now);
    return told(pass, new WatchedPeer(watch, Optional.empty(), peer.probeAt(), peer.told()));
  }

  private static WatchedPeer probe(NodePass pass, WatchedPeer peer) {
    if (peer.probe().isPresent() || pass.seen.stopRequested()) {
      return peer;
    }
    MonotonicTime now = pass.now.monotonic();
    if (now.isBefore(peer.probeAt())) {
      pass.wakeAt(peer.probeAt());
      return peer;
    }
    PeerWatch watch = peer.watch();
    EffectId probe =
        pass.effect(
            id -> new Effect.ProbePeer(new EffectId(id), watch.node(), watch.address(), TIMEOUT));
    return new WatchedPeer(watch, Optional.of(probe), now.plus(INTERVAL), peer.told());
  }

  // ---- what is known here

  private static Surroundings surroundings(NodePass pass, NodeState state, NodeId peer) {
    NodeSettings settings = pass.settings;
    ImmutableList.Builder<GatewaySight> gateways =
        ImmutableList.builderWithExpectedSize(settings.cells().size());
    for (CellSettings cell : settings.cells()) {
      gateways.add(sight(pass, state, cell.gateway()));
    }
    return new Surroundings(
        pass.seen.connected() && pass.seen.snapshot().isPresent(),
        Optional.ofNullable(pass.nodes.get(peer)).map(NodeRecord::instance),
        settings.version(),
        CLOCK_SKEW_MAX,
        gateways.build());
  }

  private static GatewaySight sight(NodePass pass, NodeState state, GatewayId gateway) {
    CellState cell = state.cells().get(gateway);
    Epoch actsUnder = cell != null && cell.stage().phase().entitled() ? cell.epoch() : Epoch.NONE;
    Optional<GatewayRecords> records =
        pass.seen.snapshot().map(snapshot -> snapshot.gateways().get(gateway));
    return new GatewaySight(
        gateway,
        records.flatMap(all -> all.election().elected()),
        records.flatMap(all -> all.claim().value()).map(Claim::epoch).orElse(Epoch.NONE),
        actsUnder);
  }

  // ---- telling

  /**
   * Writes what has changed to the history of this node's gateways. The history is short and holds
   * what people did: one condition that comes and goes must not push that out, see {@link
   * WatchedPeer.Told#quietUntil}.
   */
  private static WatchedPeer told(NodePass pass, WatchedPeer peer) {
    boolean nothing = peer.watch().unsuspected() && peer.told().isEmpty();
    if (nothing || !pass.seen.connected()) {
      return peer;
    }
    ImmutableSortedMap<PeerCondition.Type, WatchedPeer.Told> told = peer.told();
    for (PeerCondition.Type type : PeerCondition.Type.values()) {
      boolean holds = peer.watch().holds(type);
      WatchedPeer.Told before = told.get(type);
      boolean news = before == null ? holds : before.held() != holds;
      MonotonicTime now = pass.now.monotonic();
      if (news && before != null && now.isBefore(before.quietUntil())) {
        pass.wakeAt(before.quietUntil());
      } else if (news) {
        tell(pass, peer.watch(), type, holds);
        WatchedPeer.Told line =
            before == null ? WatchedPeer.Told.first(holds, now) : before.next(holds, now);
        told = with(told, type, line);
      }
    }
    return told.equals(peer.told())
        ? peer
        : new WatchedPeer(peer.watch(), peer.probe(), peer.probeAt(), told);
  }

  private static ImmutableSortedMap<PeerCondition.Type, WatchedPeer.Told> with(
      ImmutableSortedMap<PeerCondition.Type, WatchedPeer.Told> told,
      PeerCondition.Type type,
      WatchedPeer.Told news) {
    return ImmutableSortedMap.<PeerCondition.Type, WatchedPeer.Told>naturalOrder()
        .putAll(Maps.filterKeys(told, other -> other != type))
        .put(type, news)
        .buildOrThrow();
  }

  private static void tell(NodePass pass, PeerWatch watch, PeerCondition.Type type, boolean holds) {
    NodeId self = pass.settings.self();
    String sentence =
        holds
            ? watch.sentence(type).orElse("")
            : "%s of node %s is over".formatted(type.text(), watch.node());
    for (CellSettings cell : Iterables.limit(pass.settings.cells(), TOLD_GATEWAYS_MAX)) {
      HistoryEntry line =
          new HistoryEntry(
              pass.now.wall(),
              self,
              Epoch.NONE,
              holds ? type.text() : type.overText(),
              self.value(),
              sentence);
      pass.effect(id -> new Effect.RecordHistory(new EffectId(id), cell.gateway(), line));
    }
  }

  // ---- a takeover from one that does not know of it

  /** A former leader whose session is over, and that says that it still acts. */
  static void noticeOutlived(CellPass cell) {
    boolean takesOver =
        switch (cell.phase()) {
          case FENCING, LOGGING_IN, VERIFYING, RECONCILING -> true;
          case STANDBY, CLAIMING, SERVING, CEDING, SELF_FENCING, NEEDS_OPERATOR -> false;
        };
    if (!takesOver || cell.outlived.isPresent()) {
      return;
    }
    for (WatchedPeer peer : cell.peers().values()) {
      Optional<Epoch> actsUnder = peer.watch().actsUnregistered(cell.gateway());
      if (actsUnder.filter(cell.epoch::isAfter).isPresent()) {
        outlived(cell, peer.watch().node(), actsUnder.orElseThrow());
        return;
      }
    }
  }

  private static void outlived(CellPass cell, NodeId node, Epoch actsUnder) {
    cell.outlived = Optional.of(node);
    cell.stage = cell.stage.strictly();
    HistoryEntry line =
        cell.history(
            "FormerLeaderStillActs",
            "node %s answers and says that it acts under epoch %s, although its registration is gone: its lease has ended, so the takeover goes on, and positions are compared strictly"
                .formatted(node, actsUnder));
    cell.effect(id -> new Effect.RecordHistory(new EffectId(id), cell.gateway(), line));
  }
}
