package io.understudy.node.config;

/** Who starts the daemon again when it is killed: a drill that kills it relies on somebody. */
public enum Supervision {
  /** Systemd, where it has started this process. */
  SYSTEMD,
  /** Somebody else, whom the daemon cannot know. */
  OTHER
}
