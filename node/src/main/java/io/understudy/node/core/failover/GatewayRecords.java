package io.understudy.node.core.failover;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import java.util.Optional;

/**
 * A gateway's records in coordination as read together, each with the version that a guarded write
 * checks.
 */
@Immutable
public record GatewayRecords(
    ElectionView election,
    Versioned<Optional<Claim>> claim,
    Versioned<Optional<Custody>> custody,
    Versioned<LoginLedger> ledger,
    Versioned<Directives> directives,
    Versioned<HighWaterMarks> marks,
    Versioned<LastDrill> drill) {

  GatewayRecords withStepAtLeast(Optional<TotpStep> step) {
    Optional<TotpStep> last = ledger.value().lastStep();
    boolean known =
        step.isEmpty() || last.filter(l -> l.compareTo(step.orElseThrow()) >= 0).isPresent();
    return known
        ? this
        : new GatewayRecords(
            election,
            claim,
            custody,
            new Versioned<>(ledger.value().withStep(step.orElseThrow()), ledger.version()),
            directives,
            marks,
            drill);
  }

  /** A value and its version in coordination. */
  @Immutable(containerOf = "T")
  public record Versioned<T>(T value, int version) {}
}
