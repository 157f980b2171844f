package io.understudy.simulator.broker;

import java.time.Instant;

/** A login between the first submission and its end. Guarded by the broker's lock. */
final class LoginAttempt {
  enum Stage {
    DEVICE,
    CODE,
    PUSH,
    /** A factor that no program can give. */
    UNAUTOMATABLE,
    FINISHED
  }

  private final String id = Challenge.randomHex(16);
  private final User user;
  private final String source;
  private Stage stage;
  private Instant pushDeadline = Instant.MAX;

  LoginAttempt(User user, String source, Stage stage) {
    this.user = user;
    this.source = source;
    this.stage = stage;
  }

  String id() {
    return id;
  }

  User user() {
    return user;
  }

  String source() {
    return source;
  }

  Stage stage() {
    return stage;
  }

  void moveTo(Stage next) {
    stage = next;
  }

  Instant pushDeadline() {
    return pushDeadline;
  }

  void setPushDeadline(Instant deadline) {
    pushDeadline = deadline;
  }
}
