package io.understudy.controller.verb;

import com.google.protobuf.util.Timestamps;
import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.Sighting;
import io.understudy.v1.Gateway;
import io.understudy.v1.HistoryEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The histories of several gateways as one. */
final class Histories {
  private Histories() {}

  /** The newest entries of all the gateways, newest first. */
  static List<HistoryEntry> newest(
      ClusterClient client, Sighting sighting, List<Gateway> gateways, int limit) {
    List<HistoryEntry> entries = new ArrayList<>();
    for (Gateway gateway : gateways) {
      for (HistoryEntry entry : client.history(sighting, gateway.getId(), limit)) {
        entries.add(
            entry.getGateway().isEmpty()
                ? entry.toBuilder().setGateway(gateway.getId()).build()
                : entry);
      }
    }
    entries.sort(Comparator.comparing(HistoryEntry::getAt, Timestamps.comparator()).reversed());
    return entries.subList(0, Math.min(limit, entries.size()));
  }
}
