package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.core.peers.TunnelSight;
import io.understudy.node.spi.FakeCoordination;
import io.understudy.node.spi.FakeEnsemble;
import io.understudy.node.spi.PeerClient;
import io.understudy.node.spi.RecordingListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a lease rests on: the order of the clock's readings, the write and the sync. */
class EffectRunnerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final EffectId RENEWAL = new EffectId(7);
  private static final NodeRecord SELF =
      new NodeRecord(
          new NodeId("a"),
          new InstanceId("1"),
          "127.0.0.1:7420",
          "0.1.0",
          Instant.parse("2026-11-20T10:00:00Z"),
          Optional.empty(),
          ImmutableList.of());

  private static final Effect.ProbePeer PROBE =
      new Effect.ProbePeer(new EffectId(8), new NodeId("b"), "127.0.0.1:7421", PATIENCE);
  private static final TunnelSight HANDSHAKE =
      new TunnelSight.Handshake(Instant.parse("2026-11-20T09:59:00Z"));

  private final FakeCoordination coordination = new FakeEnsemble(ImmutableList.of()).driver();
  private final Clocks clocks = new Clocks(InstantSource.system());
  private final Mailbox mailbox = new Mailbox();

  private Observation renewed() throws Exception {
    coordination.start(SELF, new RecordingListener(), PATIENCE);
    return ran(new Effect.RenewLease(RENEWAL, SELF), new DeafPeers());
  }

  private Observation ran(Effect effect, PeerClient peers) throws InterruptedException {
    try (EffectRunner runner =
        new EffectRunner(
            coordination,
            ImmutableMap.of(),
            new PeerLanes(peers, _ -> HANDSHAKE, clocks, mailbox),
            mailbox,
            clocks,
            new Calls())) {
      runner.run(effect);
      MonotonicTime now = clocks.monotonic();
      return Iterables.getOnlyElement(mailbox.take(now, now.plus(PATIENCE)));
    }
  }

  private void ends(Observation observation) {
    assertThat(observation)
        .isInstanceOfSatisfying(
            Observation.PeerProbed.class,
            probed -> {
              assertThat(probed.effect()).isEqualTo(PROBE.id());
              assertThat(probed.probe().answer()).isEmpty();
              assertThat(probed.probe().tunnel()).isEqualTo(HANDSHAKE);
            });
  }

  @Test
  void aProbeWithoutAnAnswerComesToItsEnd() throws Exception {
    ends(ran(PROBE, new DeafPeers()));
  }

  @Test
  void aFaultInProbingIsAProbeWithoutAnAnswerAndNotTheEndOfTheLoop() throws Exception {
    ends(ran(PROBE, new FaultyPeers(() -> new IllegalStateException("a bug"))));
  }

  @Test
  void soIsAClassThatCannotBeLoaded() throws Exception {
    ends(
        ran(
            PROBE,
            new FaultyPeers(() -> {
              throw new NoClassDefFoundError("io/understudy/Gone");
            })));
  }

  /** Has a bug. */
  private static final class FaultyPeers implements PeerClient {
    private final Supplier<RuntimeException> bug;

    FaultyPeers(Supplier<RuntimeException> bug) {
      this.bug = bug;
    }

    @Override
    public void relinquish(
        NodeId node, String address, GatewayId gateway, Epoch epoch, Duration timeout) {
      throw new IllegalStateException("a bug");
    }

    @Override
    public PeerAnswer probe(NodeId node, String address, Duration timeout) {
      throw bug.get();
    }

    @Override
    public void close() {}
  }

  @Test
  void aRenewalCountsFromBeforeItsWrite() throws Exception {
    MonotonicTime before = clocks.monotonic();

    Observation end = renewed();

    assertThat(end)
        .isInstanceOfSatisfying(
            Observation.LeaseRenewed.class,
            lease -> {
              assertThat(lease.effect()).isEqualTo(RENEWAL);
              assertThat(Optional.of(lease.session())).isEqualTo(coordination.session());
              assertThat(lease.sentAt().isBefore(before)).isFalse();
              assertThat(lease.sentAt().isBefore(lease.writtenAt())).isTrue();
            });
  }

  @Test
  void aRenewalWithoutTheSyncBehindItIsNone() throws Exception {
    coordination.loseSyncs();

    assertThat(renewed())
        .isEqualTo(new Observation.EffectFinished(RENEWAL, false, "No answer to a sync"));
  }
}
