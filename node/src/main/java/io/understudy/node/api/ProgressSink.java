package io.understudy.node.api;

import io.grpc.StatusRuntimeException;
import io.understudy.v1.Progress;

/** One caller that follows an operation. Used by the API lane only. */
interface ProgressSink {
  /** May be left out or delayed when the caller is slow; a later one replaces it. */
  void progress(Progress progress);

  /** The last message; ends the call. */
  void done(Progress last);

  void failed(StatusRuntimeException refusal);

  /** Sends what had to wait, if the caller reads again. */
  void flush();

  /** Whether the caller has gone; the operation goes on without it. */
  boolean gone();
}
