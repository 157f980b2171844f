package io.understudy.bundle.cluster;

import io.understudy.settings.Section;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every port that something listens on at the hosts: no two may want the same one. UDP and TCP
 * would not clash; that the tunnel's ports are its own nevertheless keeps firewall rules readable.
 */
final class PortPlan {
  private final Map<Integer, String> owners = new LinkedHashMap<>();

  /** The tunnel's port at a host, and the one after it, which a rotation of keys uses. */
  void tunnel(Section section, String key, int port) {
    String owner = section.path(key);
    owners.putIfAbsent(port, "that of " + owner);
    owners.putIfAbsent(port + 1, "the one after " + owner + ", which a rotation of keys uses");
  }

  /** Notes a problem when the port has an owner already. */
  void claim(Section section, String key, int port) {
    if (!section.sound(key)) {
      return;
    }
    String owner = owners.putIfAbsent(port, "that of " + section.path(key));
    if (owner != null) {
      section.reject(key, "port " + port + " is " + owner + " (expected: a port of its own)");
    }
  }
}
