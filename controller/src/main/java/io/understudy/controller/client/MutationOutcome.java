package io.understudy.controller.client;

import io.understudy.v1.Progress;
import io.understudy.v1.Result;

/** How a mutation ended for its caller. A failure is thrown instead. */
public sealed interface MutationOutcome {
  /** It ended, well or not. */
  record Ended(Result result) implements MutationOutcome {}

  /** It was accepted and goes on without us. */
  record Accepted(Progress last) implements MutationOutcome {}
}
