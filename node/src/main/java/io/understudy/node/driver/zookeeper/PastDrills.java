package io.understudy.node.driver.zookeeper;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.StoredRecords;
import org.apache.zookeeper.Op;

/** The bounded list of a gateway's drills before the last one. */
final class PastDrills {
  static final int DRILLS_MAX = 40;

  private final BoundedList drills;

  PastDrills(ClusterPaths paths) {
    drills = new BoundedList("drills", paths::drills, DRILLS_MAX);
  }

  Op append(CoordinationSession session, GatewayId gateway, Drill drill) {
    return drills.append(session, gateway, StoredRecords.encode(drill));
  }

  /** Newest first; those that this version does not understand are left out. */
  ImmutableList<Drill> newest(
      CoordinationSession session, GatewayId gateway, int limit, Deadline deadline)
      throws DriverException {
    ImmutableList.Builder<Drill> past = ImmutableList.builder();
    for (StoredValue value : drills.newest(session, gateway, limit, deadline)) {
      LastDrill read = value.decode(StoredRecords::decodeDrill);
      read.drill().ifPresent(past::add);
    }
    return past.build();
  }

  void trim(CoordinationSession session, GatewayId gateway) {
    drills.trim(session, gateway);
  }
}
