package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.Now;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoordinationSnapshotTest {
  private static final TotpStep USED = TotpStep.at(Instant.parse("2026-03-02T10:00:01Z"));

  private final MonotonicTime start = new MonotonicTime(1_000_000_000L);
  private final Now now = new Now(Instant.parse("2026-03-02T10:00:05Z"), start);

  private static CoordinationSnapshot with(LoginLedger ledger, int version) {
    return new CoordinationSnapshot(
        ImmutableMap.of(),
        ImmutableMap.of(
            OneNode.LIVE,
            new GatewayRecords(
                ElectionView.EMPTY,
                new Versioned<>(Optional.empty(), 0),
                new Versioned<>(Optional.empty(), 0),
                new Versioned<>(ledger, version),
                new Versioned<>(Directives.NONE, 0),
                new Versioned<>(HighWaterMarks.NONE, 0),
                new Versioned<>(LastDrill.NONE, 0))));
  }

  private Optional<TotpStep> lastStepAfter(CoordinationSnapshot... reads) {
    Observations seen = Observations.none(start);
    for (CoordinationSnapshot read : reads) {
      seen =
          seen.with(
              new Observation.CoordinationRead(new EffectId(1), start, Optional.of(read)), now);
    }
    GatewayRecords records =
        Objects.requireNonNull(seen.snapshot().orElseThrow().gateways().get(OneNode.LIVE));
    return records.ledger().value().lastStep();
  }

  @Test
  void aStepThatWasOnRecordIsRememberedWhenTheServersHaveLostTheirData() {
    assertThat(lastStepAfter(with(LoginLedger.EMPTY.withStep(USED), 4), with(LoginLedger.EMPTY, 0)))
        .contains(USED);
  }

  @Test
  void aLaterStepOnRecordCounts() {
    assertThat(
            lastStepAfter(
                with(LoginLedger.EMPTY.withStep(USED), 4),
                with(LoginLedger.EMPTY.withStep(USED.next()), 5)))
        .contains(USED.next());
  }

  @Test
  void whereNothingWasReadBeforeTheRecordIsBelieved() {
    assertThat(lastStepAfter(with(LoginLedger.EMPTY, 0))).isEmpty();
  }
}
