package io.understudy.node.driver.zookeeper;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.GuardedWrite.ClaimUpdate;
import io.understudy.node.core.failover.GuardedWrite.CustodyUpdate;
import io.understudy.node.core.failover.GuardedWrite.DirectivesUpdate;
import io.understudy.node.core.failover.GuardedWrite.DrillUpdate;
import io.understudy.node.core.failover.GuardedWrite.LedgerUpdate;
import io.understudy.node.core.failover.GuardedWrite.MarksUpdate;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.failover.GuardedWrite.Result;
import io.understudy.node.core.failover.GuardedWrite.Update;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.StoredRecords;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guarded write as one ZooKeeper transaction. */
final class GuardedTransaction {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedTransaction.class);
  private static final int ANY_VERSION = -1;

  private final ClusterPaths paths;
  private final GatewayHistory history;
  private final PastDrills drills;

  GuardedTransaction(ClusterPaths paths, GatewayHistory history, PastDrills drills) {
    this.paths = paths;
    this.history = history;
    this.drills = drills;
  }

  /** The ticket must be the writer's own in this session; that it still exists is checked there. */
  Result commit(CoordinationSession session, GuardedWrite write, Deadline deadline) {
    try {
      session.await(
          session.transaction(operations(session, write)),
          deadline,
          "write the records of " + write.gateway());
    } catch (KeeperException e) {
      return refusedOrUnknown(write, e);
    } catch (DriverException e) {
      LOG.warn("Lost the answer to a write gateway={} reason={}", write.gateway(), e.getMessage());
      return Result.INDETERMINATE;
    }
    if (write.history().isPresent()) {
      history.trim(session, write.gateway());
    }
    if (pastDrills(write).findAny().isPresent()) {
      drills.trim(session, write.gateway());
    }
    return Result.COMMITTED;
  }

  private ImmutableList<Op> operations(CoordinationSession session, GuardedWrite write) {
    ImmutableList.Builder<Op> operations = ImmutableList.builder();
    operations.add(
        Op.check(paths.election(write.gateway()) + "/" + write.ticket().name(), ANY_VERSION));
    write.conditions().stream()
        .map(condition ->
            Op.check(paths.record(write.gateway(), condition.name()), exact(condition.version())))
        .forEach(operations::add);
    write.updates().stream().map(update -> operation(write, update)).forEach(operations::add);
    pastDrills(write)
        .map(drill -> drills.append(session, write.gateway(), drill))
        .forEach(operations::add);
    write
        .history()
        .map(entry -> history.append(session, write.gateway(), entry))
        .ifPresent(operations::add);
    return operations.build();
  }

  /** Drills that make room for the next one. */
  private static Stream<Drill> pastDrills(GuardedWrite write) {
    return write.updates().stream()
        .flatMap(update ->
            update instanceof DrillUpdate drill ? drill.former().stream() : Stream.empty());
  }

  private Op operation(GuardedWrite write, Update update) {
    return switch (update) {
      case ClaimUpdate(var claim, int version) ->
          set(write, RecordName.CLAIM, StoredRecords.encode(claim), version);
      case CustodyUpdate(var custody, int version) ->
          set(write, RecordName.CUSTODY, StoredRecords.encodeCustody(custody), version);
      case LedgerUpdate(var ledger, int version) ->
          set(write, RecordName.LEDGER, StoredRecords.encode(ledger), version);
      case DirectivesUpdate(var directives, int version) ->
          set(write, RecordName.DIRECTIVES, StoredRecords.encode(directives), version);
      case MarksUpdate(var marks, int version) ->
          set(write, RecordName.MARKS, StoredRecords.encode(marks), version);
      case DrillUpdate(var drill, _, int version) ->
          set(write, RecordName.DRILL, StoredRecords.encode(drill), version);
    };
  }

  private Op set(GuardedWrite write, RecordName name, byte[] bytes, int version) {
    return Op.setData(paths.record(write.gateway(), name), bytes, exact(version));
  }

  /**
   * To ZooKeeper a negative version means "any", which would make a guard of it that never holds.
   */
  private static int exact(int version) {
    if (version < 0) {
      throw new IllegalArgumentException("version: " + version + " (expected: >= 0, as read)");
    }
    return version;
  }

  private static Result refusedOrUnknown(GuardedWrite write, KeeperException error) {
    return switch (error.code()) {
      case NONODE, BADVERSION, NODEEXISTS -> Result.REFUSED;
      case NOAUTH, INVALIDACL, BADARGUMENTS, NOTREADONLY, QUOTAEXCEEDED -> {
        LOG.error("ZooKeeper refused a write gateway={} code={}", write.gateway(), error.code());
        yield Result.REFUSED;
      }
      default -> {
        LOG.warn("Lost the answer to a write gateway={} code={}", write.gateway(), error.code());
        yield Result.INDETERMINATE;
      }
    };
  }
}
