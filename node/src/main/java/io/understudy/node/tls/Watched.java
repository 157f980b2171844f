package io.understudy.node.tls;

import java.time.Instant;

/** Something that has to be looked at every now and then. */
@FunctionalInterface
public interface Watched {
  /** From one thread at a time. Does not throw for what may go wrong with a file. */
  void look(Instant now);
}
