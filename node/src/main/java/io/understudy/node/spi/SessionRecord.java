package io.understudy.node.spi;

import io.understudy.node.core.model.SessionId;

/**
 * Where the coordination driver leaves its session, so that another process can close it when this
 * one has died. Called by one thread at a time; never fails: without the record a crash only costs
 * the session's timeout.
 */
public interface SessionRecord {
  /**
   * Another session than before stands. Told before anything is written in it that entitles.
   *
   * @param password in hexadecimal digits
   */
  void opened(SessionId session, Secret password);

  /** The session was closed in good order. */
  void closed();

  /** Nobody is told. */
  static SessionRecord none() {
    return new SessionRecord() {
      @Override
      public void opened(SessionId session, Secret password) {}

      @Override
      public void closed() {}
    };
  }
}
