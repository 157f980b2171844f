package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.leadership.Lease;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All that a node has seen, folded: what is true now as far as it knows.
 *
 * @param connected coordination answers
 * @param readWanted something changed since the last read began
 * @param lease the lease clock; empty without an acknowledged renewal in the current session
 * @param snapshot the last read of coordination
 * @param snapshotStartedAt when that read began: acknowledged writes from before are in it
 * @param contacts per node, also of those that went away lately: its record's own time, and when we
 *     saw it change
 * @param gateways the last look at each gateway
 * @param accounts the last look at each account that was answered
 * @param outcomes ends of effects that the core still waits for
 * @param codeRequests per login effect: how many one-time codes its page has asked for
 * @param operatorCodes per gateway: how many codes operators handed in
 * @param commands waiting for an answer, oldest first
 * @param relinquishments waiting for an answer, oldest first
 */
@Immutable
public record Observations(
    boolean connected,
    boolean stopRequested,
    boolean readWanted,
    Optional<Lease> lease,
    Optional<CoordinationSnapshot> snapshot,
    MonotonicTime snapshotStartedAt,
    ImmutableSortedMap<NodeId, Contact> contacts,
    ImmutableMap<GatewayId, Look> gateways,
    ImmutableMap<GatewayId, AccountLook> accounts,
    ImmutableMap<EffectId, Observation> outcomes,
    ImmutableMap<EffectId, Integer> codeRequests,
    ImmutableMap<GatewayId, Integer> operatorCodes,
    ImmutableList<Observation.CommandReceived> commands,
    ImmutableList<Observation.RelinquishRequested> relinquishments) {
  private static final Duration ABSENT_KEPT = Duration.ofHours(24);

  /** When a node's record last moved, by its clock and by ours. */
  @Immutable
  public record Contact(Instant recordAt, MonotonicTime seenAt) {}

  /** A look at a gateway, which effect it was, and when its answer arrived. */
  @Immutable
  public record Look(GatewayStatus status, EffectId effect, MonotonicTime at) {}

  /** A look at an account, and when its answer arrived, by both clocks. */
  @Immutable
  public record AccountLook(AccountReading reading, MonotonicTime at, Instant readAt) {}

  /** Before anything was seen. */
  public static Observations none(MonotonicTime start) {
    return new Observations(
        false,
        false,
        true,
        Optional.empty(),
        Optional.empty(),
        start,
        ImmutableSortedMap.of(),
        ImmutableMap.of(),
        ImmutableMap.of(),
        ImmutableMap.of(),
        ImmutableMap.of(),
        ImmutableMap.of(),
        ImmutableList.of(),
        ImmutableList.of());
  }

  /** These observations and one more. Pure. */
  public Observations with(Observation observation, Now now) {
    return switch (observation) {
      case Observation.Connected _ -> edit().connected(true).readWanted(true).build();
      case Observation.Suspended _ -> edit().connected(false).build();
      case Observation.SessionExpired _ ->
          edit().connected(false).lease(Optional.empty()).readWanted(true).build();
      case Observation.CoordinationChanged _ -> edit().readWanted(true).build();
      case Observation.StopRequested _ -> edit().stopRequested(true).build();
      case Observation.LeaseRenewed renewed ->
          edit()
              .lease(
                  Optional.of(
                      Lease.renewed(
                          lease, renewed.session(), renewed.sentAt(), renewed.writtenAt())))
              .outcome(renewed.effect(), renewed)
              .build();
      case Observation.CoordinationRead read -> withRead(read, now);
      case Observation.EffectFinished finished ->
          edit().outcome(finished.effect(), finished).build();
      case Observation.WriteFinished finished ->
          edit().outcome(finished.effect(), finished).readWanted(true).build();
      case Observation.PeerProbed probed -> edit().outcome(probed.effect(), probed).build();
      case Observation.LoginFinished finished ->
          edit().outcome(finished.effect(), finished).build();
      case Observation.PositionsCompared compared ->
          edit().outcome(compared.effect(), compared).build();
      case Observation.AccountRead read -> withAccount(read, now);
      case Observation.GatewayProbed probed ->
          edit()
              .gateways(
                  put(
                      gateways,
                      probed.gateway(),
                      new Look(probed.status(), probed.effect(), now.monotonic())))
              .outcome(probed.effect(), probed)
              .build();
      case Observation.CodeRequested requested ->
          edit().codeRequests(put(codeRequests, requested.login(), requested.count())).build();
      case Observation.OperatorCodeArrived arrived ->
          edit().operatorCodes(put(operatorCodes, arrived.gateway(), arrived.count())).build();
      case Observation.CommandReceived received ->
          edit().commands(append(commands, received)).build();
      case Observation.RelinquishRequested requested ->
          edit().relinquishments(append(others(requested), requested)).build();
    };
  }

  /** The requests without an earlier one of the same claim, whose caller no longer waits. */
  private ImmutableList<Observation.RelinquishRequested> others(
      Observation.RelinquishRequested newer) {
    return relinquishments.stream()
        .filter(r -> !r.gateway().equals(newer.gateway()) || !r.epoch().equals(newer.epoch()))
        .collect(ImmutableList.toImmutableList());
  }

  /** What the next pass begins with: these observations after that decision on them. Pure. */
  public Observations after(Decision decision) {
    boolean nothingToForget =
        outcomes.isEmpty() && codeRequests.isEmpty() && decision.answered().isEmpty();
    Observations kept =
        nothingToForget
            ? this
            : retaining(effect -> Awaited.by(decision.next(), effect), decision.answered());
    return decision.readBegun() ? kept.readBegun() : kept;
  }

  /** Forgets what nobody waits for any more: outcomes of other effects, and what was answered. */
  private Observations retaining(Predicate<EffectId> awaited, ImmutableSet<Long> answeredCalls) {
    return edit()
        .outcomes(keep(outcomes, awaited))
        .codeRequests(keep(codeRequests, awaited))
        .commands(unanswered(commands, Observation.CommandReceived::call, answeredCalls))
        .relinquishments(
            unanswered(relinquishments, Observation.RelinquishRequested::call, answeredCalls))
        .build();
  }

  /** The read was begun: what changes from now on wants another one. */
  public Observations readBegun() {
    return edit().readWanted(false).build();
  }

  private Observations withRead(Observation.CoordinationRead read, Now now) {
    Editor next = edit().outcome(read.effect(), read);
    if (read.snapshot().isEmpty()) {
      return next.readWanted(true).build();
    }
    CoordinationSnapshot fresh = read.snapshot().orElseThrow();
    return next.contacts(contactsAfter(fresh, now))
        .snapshot(snapshot.map(fresh::rememberingStepsOf).or(read::snapshot))
        .snapshotStartedAt(read.startedAt())
        .build();
  }

  /** A look without an answer leaves the last one, whose age tells. */
  private Observations withAccount(Observation.AccountRead read, Now now) {
    Editor next = edit().outcome(read.effect(), read);
    return read.reading()
        .map(reading -> new AccountLook(reading, now.monotonic(), now.wall()))
        .map(look -> next.accounts(put(accounts, read.gateway(), look)))
        .orElse(next)
        .build();
  }

  /** Who was heard of when; a node that is away is remembered for a while. */
  private ImmutableSortedMap<NodeId, Contact> contactsAfter(
      CoordinationSnapshot snapshot, Now now) {
    ImmutableSortedMap.Builder<NodeId, Contact> seen = ImmutableSortedMap.naturalOrder();
    contacts.forEach((node, contact) -> {
      boolean recent = now.monotonic().since(contact.seenAt()).compareTo(ABSENT_KEPT) < 0;
      if (recent && !snapshot.nodes().containsKey(node)) {
        seen.put(node, contact);
      }
    });
    snapshot
        .nodes()
        .forEach((node, record) -> {
          Contact fresh = new Contact(record.at(), now.monotonic());
          Contact before = contacts.getOrDefault(node, fresh);
          seen.put(node, before.recordAt().equals(record.at()) ? before : fresh);
        });
    return seen.buildOrThrow();
  }

  private static <K, V> ImmutableMap<K, V> put(ImmutableMap<K, V> map, K key, V value) {
    if (map.isEmpty() || (map.size() == 1 && map.containsKey(key))) {
      return ImmutableMap.of(key, value);
    }
    return ImmutableMap.<K, V>builderWithExpectedSize(map.size() + 1)
        .putAll(map)
        .put(key, value)
        .buildKeepingLast();
  }

  private static <V> ImmutableMap<EffectId, V> keep(
      ImmutableMap<EffectId, V> map, Predicate<EffectId> awaited) {
    if (map.isEmpty()) {
      return map;
    }
    ImmutableMap.Builder<EffectId, V> kept = ImmutableMap.builder();
    for (Map.Entry<EffectId, V> entry : map.entrySet()) {
      if (awaited.test(entry.getKey())) {
        kept.put(entry);
      }
    }
    return kept.buildOrThrow();
  }

  private static <T> ImmutableList<T> unanswered(
      ImmutableList<T> list, Function<T, Long> call, ImmutableSet<Long> answered) {
    return answered.isEmpty()
        ? list
        : list.stream()
            .filter(waiting -> !answered.contains(call.apply(waiting)))
            .collect(ImmutableList.toImmutableList());
  }

  private static <T> ImmutableList<T> append(ImmutableList<T> list, T value) {
    return ImmutableList.<T>builder().addAll(list).add(value).build();
  }

  private Editor edit() {
    return new Editor(this);
  }

  /** A copy under construction; lives within one fold. */
  private static final class Editor {
    private boolean connected;
    private boolean stopRequested;
    private boolean readWanted;
    private Optional<Lease> lease;
    private Optional<CoordinationSnapshot> snapshot;
    private MonotonicTime snapshotStartedAt;
    private ImmutableSortedMap<NodeId, Contact> contacts;
    private ImmutableMap<GatewayId, Look> gateways;
    private ImmutableMap<GatewayId, AccountLook> accounts;
    private ImmutableMap<EffectId, Observation> outcomes;
    private ImmutableMap<EffectId, Integer> codeRequests;
    private ImmutableMap<GatewayId, Integer> operatorCodes;
    private ImmutableList<Observation.CommandReceived> commands;
    private ImmutableList<Observation.RelinquishRequested> relinquishments;

    Editor(Observations from) {
      connected = from.connected;
      stopRequested = from.stopRequested;
      readWanted = from.readWanted;
      lease = from.lease;
      snapshot = from.snapshot;
      snapshotStartedAt = from.snapshotStartedAt;
      contacts = from.contacts;
      gateways = from.gateways;
      accounts = from.accounts;
      outcomes = from.outcomes;
      codeRequests = from.codeRequests;
      operatorCodes = from.operatorCodes;
      commands = from.commands;
      relinquishments = from.relinquishments;
    }

    Editor connected(boolean value) {
      connected = value;
      return this;
    }

    Editor stopRequested(boolean value) {
      stopRequested = value;
      return this;
    }

    Editor readWanted(boolean value) {
      readWanted = value;
      return this;
    }

    Editor lease(Optional<Lease> value) {
      lease = value;
      return this;
    }

    Editor snapshot(Optional<CoordinationSnapshot> value) {
      snapshot = value;
      return this;
    }

    Editor snapshotStartedAt(MonotonicTime value) {
      snapshotStartedAt = value;
      return this;
    }

    Editor contacts(ImmutableSortedMap<NodeId, Contact> value) {
      contacts = value;
      return this;
    }

    Editor gateways(ImmutableMap<GatewayId, Look> value) {
      gateways = value;
      return this;
    }

    Editor accounts(ImmutableMap<GatewayId, AccountLook> value) {
      accounts = value;
      return this;
    }

    Editor outcomes(ImmutableMap<EffectId, Observation> value) {
      outcomes = value;
      return this;
    }

    Editor outcome(EffectId effect, Observation value) {
      outcomes = put(outcomes, effect, value);
      return this;
    }

    Editor codeRequests(ImmutableMap<EffectId, Integer> value) {
      codeRequests = value;
      return this;
    }

    Editor operatorCodes(ImmutableMap<GatewayId, Integer> value) {
      operatorCodes = value;
      return this;
    }

    Editor commands(ImmutableList<Observation.CommandReceived> value) {
      commands = value;
      return this;
    }

    Editor relinquishments(ImmutableList<Observation.RelinquishRequested> value) {
      relinquishments = value;
      return this;
    }

    Observations build() {
      return new Observations(
          connected,
          stopRequested,
          readWanted,
          lease,
          snapshot,
          snapshotStartedAt,
          contacts,
          gateways,
          accounts,
          outcomes,
          codeRequests,
          operatorCodes,
          commands,
          relinquishments);
    }
  }
}
