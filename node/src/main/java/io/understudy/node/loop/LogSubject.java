package io.understudy.node.loop;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.GatewayId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What lines of the log are about: the gateway, and the epoch under which it is acted for. Whoever
 * runs for a cell has it around its lines, also where it knows of no epoch itself.
 */
@Immutable
record LogSubject(ImmutableMap<String, String> keys) {
  static final LogSubject NONE = new LogSubject(ImmutableMap.of());
  private static final String GATEWAY = "gateway";
  private static final String EPOCH = "epoch";

  /** A cell after a change of phase; a standby acts under no epoch. */
  static LogSubject of(Decision.Transition transition) {
    return transition.to() == Phase.STANDBY
        ? of(transition.gateway())
        : new LogSubject(
            ImmutableMap.of(
                GATEWAY, transition.gateway().value(), EPOCH, transition.epoch().toString()));
  }

  static LogSubject of(GatewayId gateway) {
    return new LogSubject(ImmutableMap.of(GATEWAY, gateway.value()));
  }

  /** What the whole node does for several of them; nothing for none. */
  static LogSubject together(ImmutableList<LogSubject> subjects) {
    return subjects.isEmpty()
        ? NONE
        : new LogSubject(
            ImmutableMap.of(GATEWAY, joined(subjects, GATEWAY), EPOCH, joined(subjects, EPOCH)));
  }

  private static String joined(ImmutableList<LogSubject> subjects, String key) {
    return Joiner.on(',').join(subjects.stream().map(each -> each.keys.get(key)).iterator());
  }

  /** Puts it around every line of this thread, instead of what was. */
  void begin() {
    MDC.setContextMap(keys);
  }

  /** The subjects of all cells as the loop knows them; used by the loop's thread alone. */
  static final class Board {
    private final Map<GatewayId, LogSubject> ofCell = new LinkedHashMap<>();
    private final Map<GatewayId, LogSubject> takeovers = new LinkedHashMap<>();

    void changed(Decision.Transition transition) {
      LogSubject subject = LogSubject.of(transition);
      ofCell.put(transition.gateway(), subject);
      takeovers.remove(transition.gateway());
      if (isTakeover(transition.to())) {
        takeovers.put(transition.gateway(), subject);
      }
    }

    /** From the claim to the open gate. */
    private static boolean isTakeover(Phase phase) {
      return switch (phase) {
        case CLAIMING, FENCING, LOGGING_IN, VERIFYING, RECONCILING -> true;
        case STANDBY, SERVING, CEDING, SELF_FENCING, NEEDS_OPERATOR -> false;
      };
    }

    LogSubject of(GatewayId gateway) {
      return ofCell.getOrDefault(gateway, LogSubject.of(gateway));
    }

    /** Of what the node does as a whole: the takeovers that wait for it. */
    LogSubject ofNode() {
      return together(ImmutableList.copyOf(takeovers.values()));
    }
  }
}
