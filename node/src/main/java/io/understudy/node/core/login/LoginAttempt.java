package io.understudy.node.core.login;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;

/** One permitted submission of credentials, as kept in the ledger. */
@Immutable
public record LoginAttempt(String id, NodeId node, Epoch epoch, Instant at, Verdict verdict) {
  /** What became of the attempt. Whatever is not known to be harmless counts against the budget. */
  public enum Verdict {
    /** The permit was granted; nothing more is known. Counts as failed. */
    OPEN(true),
    SUCCEEDED(false),
    /** Nothing reached IBKR. Counts as if it had not been. */
    NOT_SUBMITTED(false),
    /** IBKR refused the credentials, the code, or heard no second factor in time. */
    REFUSED(true),
    /** Submitted, and no answer that settles it. */
    UNKNOWN(true),
    /** It counted until an operator unlocked the logins. */
    FORGIVEN(false);

    private final boolean counts;

    Verdict(boolean counts) {
      this.counts = counts;
    }

    /** Whether the attempt counts as a failed submission. */
    public boolean counts() {
      return counts;
    }
  }

  public LoginAttempt withVerdict(Verdict value) {
    return new LoginAttempt(id, node, epoch, at, value);
  }
}
