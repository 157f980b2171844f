package io.understudy.controller.client;

import io.understudy.v1.Progress;

/** Is told how an operation goes, on the thread that runs it. */
public interface ProgressObserver {
  void progressed(Progress progress);

  /** Nothing new; called several times a second. */
  void stillRunning();

  /** The login waits for a one-time code. Blocks until there is one. */
  String oneTimeCode(Progress progress);
}
