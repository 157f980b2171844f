package io.understudy.node.driver.zookeeper;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.DriverException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/**
 * A list of a gateway that only grows at its end and is cut at its beginning: one sequential path
 * per entry.
 *
 * @param what for messages, for example {@code history}
 * @param path below which the entries lie
 * @param max how many entries are kept
 */
record BoundedList(String what, Function<GatewayId, String> path, int max) {
  /** So that a list that grew far over its bound does not flood the servers. */
  private static final int DELETED_AT_ONCE_MAX = 50;

  private static final String ENTRY_NAME = "/entry-";

  Op append(CoordinationSession session, GatewayId gateway, byte[] entry) {
    return session.createInTransaction(
        path.apply(gateway) + ENTRY_NAME, entry, CreateMode.PERSISTENT_SEQUENTIAL);
  }

  void appendNow(CoordinationSession session, GatewayId gateway, byte[] entry, Deadline deadline)
      throws DriverException {
    session.awaitOrFail(
        session.create(path.apply(gateway) + ENTRY_NAME, entry, CreateMode.PERSISTENT_SEQUENTIAL),
        deadline,
        "append to the " + what + " of " + gateway);
    trim(session, gateway);
  }

  /** Newest first. */
  ImmutableList<StoredValue> newest(
      CoordinationSession session, GatewayId gateway, int limit, Deadline deadline)
      throws DriverException {
    String purpose = "read the " + what + " of " + gateway;
    String folder = path.apply(gateway);
    Optional<List<String>> names = session.awaitOrFail(session.children(folder), deadline, purpose);
    ImmutableList<String> newest =
        names.orElse(List.of()).stream()
            .sorted(Comparator.reverseOrder())
            .limit(Math.min(limit, max))
            .collect(toImmutableList());
    return ImmutableList.copyOf(
        session.awaitOrFail(session.values(folder, newest), deadline, purpose));
  }

  /**
   * Deletes the oldest entries beyond the bound, in the background: what fails is left to the next.
   */
  void trim(CoordinationSession session, GatewayId gateway) {
    String folder = path.apply(gateway);
    var _ =
        session
            .children(folder)
            .thenAccept(names ->
                names.orElse(List.of()).stream()
                    .sorted()
                    .limit(excess(names.orElse(List.of()).size()))
                    .forEach(name -> {
                      var _ = session.delete(folder + "/" + name);
                    }));
  }

  private int excess(int entries) {
    return Math.clamp(entries - max, 0, DELETED_AT_ONCE_MAX);
  }
}
