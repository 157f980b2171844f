package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.spi.FakeCoordination;
import io.understudy.node.spi.FakeEnsemble;
import io.understudy.node.spi.RecordingListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
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

  private final FakeCoordination coordination = new FakeEnsemble(ImmutableList.of()).driver();
  private final Clocks clocks = new Clocks(InstantSource.system());
  private final Mailbox mailbox = new Mailbox();

  private Observation renewed() throws Exception {
    coordination.start(SELF, new RecordingListener(), PATIENCE);
    try (EffectRunner runner =
        new EffectRunner(coordination, ImmutableMap.of(), mailbox, clocks, new Calls())) {
      runner.run(new Effect.RenewLease(RENEWAL, SELF));
      MonotonicTime now = clocks.monotonic();
      return Iterables.getOnlyElement(mailbox.take(now, now.plus(PATIENCE)));
    }
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
