package io.understudy.node.config;

import com.google.common.net.HostAndPort;
import io.understudy.settings.Section;
import java.util.ArrayList;
import java.util.List;

/** Every address that this node listens on: no two may want the same port. */
final class Listeners {
  private final List<Listener> all = new ArrayList<>();

  private record Listener(Section section, String key, HostAndPort address) {
    boolean clashesWith(Listener other) {
      String host = address.getHost();
      String otherHost = other.address.getHost();
      return address.getPort() == other.address.getPort()
          && (host.equals(otherHost) || wildcard(host) || wildcard(otherHost));
    }
  }

  void add(Section section, String key, HostAndPort address) {
    if (section.sound(key)) {
      all.add(new Listener(section, key, address));
    }
  }

  /** Notes each one that an earlier one leaves no port for. */
  void reportClashes() {
    for (int i = 0; i < all.size(); i++) {
      Listener later = all.get(i);
      all.subList(0, i).stream()
          .filter(later::clashesWith)
          .findFirst()
          .ifPresent(earlier ->
              later.section.reject(
                  later.key,
                  "port "
                      + later.address.getPort()
                      + " is that of "
                      + earlier.section.path(earlier.key)
                      + " (expected: a port of its own)"));
    }
  }

  static boolean wildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }
}
