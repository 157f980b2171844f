package io.understudy.node.driver.zookeeper;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.StoredRecords;
import org.apache.zookeeper.Op;

/** The bounded list of what happened to a gateway. */
final class GatewayHistory {
  static final int ENTRIES_MAX = 200;

  private final BoundedList lines;

  GatewayHistory(ClusterPaths paths) {
    lines = new BoundedList("history", paths::history, ENTRIES_MAX);
  }

  Op append(CoordinationSession session, GatewayId gateway, HistoryEntry entry) {
    return lines.append(session, gateway, StoredRecords.encode(entry));
  }

  void record(CoordinationSession session, GatewayId gateway, HistoryEntry entry, Deadline deadline)
      throws DriverException {
    lines.appendNow(session, gateway, StoredRecords.encode(entry), deadline);
  }

  /** Newest first. */
  ImmutableList<HistoryEntry> newest(
      CoordinationSession session, GatewayId gateway, int limit, Deadline deadline)
      throws DriverException {
    ImmutableList.Builder<HistoryEntry> entries = ImmutableList.builder();
    for (StoredValue value : lines.newest(session, gateway, limit, deadline)) {
      entries.add(value.decode(StoredRecords::decodeHistoryEntry));
    }
    return entries.build();
  }

  void trim(CoordinationSession session, GatewayId gateway) {
    lines.trim(session, gateway);
  }
}
