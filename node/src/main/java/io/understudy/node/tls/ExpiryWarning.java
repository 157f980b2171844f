package io.understudy.node.tls;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log, once a day, that a certificate in effect ends within thirty days. */
public final class ExpiryWarning implements Watched {
  static final Duration NOTICE = Duration.ofDays(30);
  private static final Duration INTERVAL = Duration.ofDays(1);
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryWarning.class);

  private final ImmutableMap<String, Supplier<Instant>> ends;
  private final Map<String, Instant> warned = new HashMap<>();

  /**
   * Warns of nothing yet.
   *
   * @param ends by the certificate's name, when the one in effect ends
   */
  public ExpiryWarning(ImmutableMap<String, Supplier<Instant>> ends) {
    this.ends = ends;
  }

  @Override
  public void look(Instant now) {
    ends.forEach((name, end) -> look(name, end.get(), now));
  }

  private void look(String name, Instant end, Instant now) {
    Duration left = Duration.between(now, end);
    if (left.compareTo(NOTICE) >= 0) {
      warned.remove(name);
      return;
    }
    Instant last = warned.getOrDefault(name, Instant.MIN);
    if (!now.isBefore(last) && last.isAfter(now.minus(INTERVAL))) {
      return;
    }
    warned.put(name, now);
    LOG.warn(
        "A certificate ends soon: issue a new one and install it; no restart is needed"
            + " certificate={} ends={} days-left={}",
        name,
        end,
        left.toDays());
  }
}
