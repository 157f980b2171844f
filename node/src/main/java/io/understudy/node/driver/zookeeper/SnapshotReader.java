package io.understudy.node.driver.zookeeper;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.MalformedMessageException;
import io.understudy.node.wire.StoredRecords;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads everything in three round trips: a sync, all lists and records, all that the lists name.
 * What vanishes in between is taken as gone; a permanent record that is missing is an error, since
 * an absent record must never be mistaken for one that says "nobody".
 */
final class SnapshotReader {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotReader.class);
  private static final String READ = "read the cluster's records";

  private final ClusterPaths paths;
  private final ImmutableList<GatewayId> gateways;
  private final Elections elections;

  /** So that it is said once and not with every reading. */
  private final Set<GatewayId> unreadableMarks = ConcurrentHashMap.newKeySet();

  SnapshotReader(ClusterPaths paths, ImmutableList<GatewayId> gateways, Elections elections) {
    this.paths = paths;
    this.gateways = gateways;
    this.elections = elections;
  }

  CoordinationSnapshot read(CoordinationSession session, Deadline deadline)
      throws DriverException, MissingRecordException {
    session.awaitOrFail(session.sync(paths.root()), deadline, READ);
    PendingList nodes = new PendingList(paths.nodes(), session.valuesBelow(paths.nodes()));
    ImmutableMap<GatewayId, PendingGateway> pending =
        gateways.stream()
            .collect(toImmutableMap(Function.identity(), gateway -> ask(session, gateway)));

    Reply reply = new Reply(session, deadline);
    ImmutableSortedMap.Builder<GatewayId, GatewayRecords> records =
        ImmutableSortedMap.naturalOrder();
    for (Map.Entry<GatewayId, PendingGateway> gateway : pending.entrySet()) {
      records.put(gateway.getKey(), records(reply, gateway.getKey(), gateway.getValue()));
    }
    return new CoordinationSnapshot(nodes(reply.list(nodes)), records.buildOrThrow());
  }

  private static ImmutableMap<NodeId, NodeRecord> nodes(ImmutableList<StoredValue> values)
      throws DriverException {
    ImmutableSortedMap.Builder<NodeId, NodeRecord> nodes = ImmutableSortedMap.naturalOrder();
    for (StoredValue value : values) {
      NodeRecord node = value.decode(bytes -> nodeNamed(value.name(), bytes));
      nodes.put(node.node(), node);
    }
    return nodes.buildOrThrow();
  }

  private static NodeRecord nodeNamed(String name, byte[] bytes) throws MalformedMessageException {
    NodeRecord node = StoredRecords.decodeNode(bytes);
    if (!node.node().value().equals(name)) {
      throw new IllegalArgumentException("it is the record of node '" + node.node() + "'");
    }
    return node;
  }

  private PendingGateway ask(CoordinationSession session, GatewayId gateway) {
    EnumMap<RecordName, PendingValue> records = new EnumMap<>(RecordName.class);
    Arrays.stream(RecordName.values())
        .forEach(name -> {
          String path = paths.record(gateway, name);
          records.put(name, new PendingValue(path, session.value(path)));
        });
    String election = paths.election(gateway);
    return new PendingGateway(new PendingList(election, session.valuesBelow(election)), records);
  }

  private GatewayRecords records(Reply reply, GatewayId gateway, PendingGateway pending)
      throws DriverException, MissingRecordException {
    return new GatewayRecords(
        elections.view(gateway, reply.session(), reply.list(pending.election())),
        reply.record(pending, RecordName.CLAIM, StoredRecords::decodeClaim),
        reply.record(pending, RecordName.CUSTODY, StoredRecords::decodeCustody),
        reply.record(pending, RecordName.LEDGER, StoredRecords::decodeLedger),
        reply.record(pending, RecordName.DIRECTIVES, StoredRecords::decodeDirectives),
        marks(reply, gateway, pending),
        reply.record(pending, RecordName.DRILL, StoredRecords::decodeDrill));
  }

  private Versioned<HighWaterMarks> marks(Reply reply, GatewayId gateway, PendingGateway pending)
      throws DriverException, MissingRecordException {
    Versioned<HighWaterMarks> marks =
        reply.record(pending, RecordName.MARKS, StoredRecords::decodeMarks);
    if (marks.value().readable()) {
      unreadableMarks.remove(gateway);
    } else if (unreadableMarks.add(gateway)) {
      LOG.warn(
          "Cannot read the high-water marks and leaves them as they are gateway={} path={}; delete"
              + " them to begin anew",
          gateway,
          paths.record(gateway, RecordName.MARKS));
    }
    return marks;
  }

  private record PendingValue(String path, CompletableFuture<Optional<StoredValue>> value) {}

  private record PendingList(
      String path, CompletableFuture<Optional<ImmutableList<StoredValue>>> values) {}

  private record PendingGateway(PendingList election, Map<RecordName, PendingValue> records) {}

  /** Waits for what was asked. */
  private record Reply(CoordinationSession session, Deadline deadline) {
    ImmutableList<StoredValue> list(PendingList pending)
        throws DriverException, MissingRecordException {
      return session
          .awaitOrFail(pending.values(), deadline, READ)
          .orElseThrow(() -> new MissingRecordException(pending.path()));
    }

    <T> Versioned<T> record(PendingGateway gateway, RecordName name, StoredValue.Decoder<T> decoder)
        throws DriverException, MissingRecordException {
      PendingValue pending = gateway.records().get(name);
      if (pending == null) {
        throw new IllegalStateException("not asked for: " + name);
      }
      StoredValue value =
          session
              .awaitOrFail(pending.value(), deadline, READ)
              .orElseThrow(() -> new MissingRecordException(pending.path()));
      return new Versioned<>(value.decode(decoder), value.version());
    }
  }

  /** A permanent path does not exist. */
  static final class MissingRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    MissingRecordException(String path) {
      super(path);
    }
  }
}
