package io.understudy.node.driver.zookeeper;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.StoredRecords;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/** The bounded list of what happened to a gateway: one sequential path per line. */
final class GatewayHistory {
  static final int ENTRIES_MAX = 200;

  /** So that a history that grew far over its bound does not flood the servers. */
  private static final int DELETED_AT_ONCE_MAX = 50;

  private static final String ENTRY_NAME = "/entry-";

  private final ClusterPaths paths;

  GatewayHistory(ClusterPaths paths) {
    this.paths = paths;
  }

  Op append(CoordinationSession session, GatewayId gateway, HistoryEntry entry) {
    return session.createInTransaction(
        paths.history(gateway) + ENTRY_NAME,
        StoredRecords.encode(entry),
        CreateMode.PERSISTENT_SEQUENTIAL);
  }

  void record(CoordinationSession session, GatewayId gateway, HistoryEntry entry, Deadline deadline)
      throws DriverException {
    session.awaitOrFail(
        session.create(
            paths.history(gateway) + ENTRY_NAME,
            StoredRecords.encode(entry),
            CreateMode.PERSISTENT_SEQUENTIAL),
        deadline,
        "append to the history of " + gateway);
    trim(session, gateway);
  }

  /** Newest first. */
  ImmutableList<HistoryEntry> newest(
      CoordinationSession session, GatewayId gateway, int limit, Deadline deadline)
      throws DriverException {
    String purpose = "read the history of " + gateway;
    String path = paths.history(gateway);
    Optional<List<String>> names = session.awaitOrFail(session.children(path), deadline, purpose);
    ImmutableList<String> newest =
        names.orElse(List.of()).stream()
            .sorted(Comparator.reverseOrder())
            .limit(Math.min(limit, ENTRIES_MAX))
            .collect(toImmutableList());
    ImmutableList.Builder<HistoryEntry> entries = ImmutableList.builder();
    for (StoredValue value : session.awaitOrFail(session.values(path, newest), deadline, purpose)) {
      entries.add(value.decode(StoredRecords::decodeHistoryEntry));
    }
    return entries.build();
  }

  /**
   * Deletes the oldest lines beyond the bound, in the background: what fails is left to the next.
   */
  void trim(CoordinationSession session, GatewayId gateway) {
    String path = paths.history(gateway);
    var _ =
        session
            .children(path)
            .thenAccept(names ->
                names.orElse(List.of()).stream()
                    .sorted()
                    .limit(excess(names.orElse(List.of()).size()))
                    .forEach(name -> {
                      var _ = session.delete(path + "/" + name);
                    }));
  }

  private static int excess(int entries) {
    return Math.clamp(entries - ENTRIES_MAX, 0, DELETED_AT_ONCE_MAX);
  }
}
