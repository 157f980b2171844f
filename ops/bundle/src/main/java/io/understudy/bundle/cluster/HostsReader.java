package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import com.google.common.net.InternetDomainName;
import io.understudy.settings.Format;
import io.understudy.settings.Section;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Binds the section on hosts, and checks what must hold between them. */
final class HostsReader {
  /** A host's id is a DNS label: it stands in certificates. */
  static final Format<String> ID =
      Format.text(
          "1 to 32 of a-z 0-9 -, beginning with a letter and not ending with -",
          "[a-z]([a-z0-9-]{0,30}[a-z0-9])?");

  static final int VOTERS_MIN = 3;
  static final int VOTERS_MAX = 9;
  private static final int PORT_MAX = 65534;
  private static final Format<String> ADDRESS =
      Format.text("an IPv4 address", HostsReader::isInet4);
  static final Format<HostAndPort> ENDPOINT =
      Format.ADDRESS.within(
          "HOST:PORT as the other hosts reach it, the port at most 65534 because a rotation of"
              + " keys uses the one after it as well",
          HostsReader::isEndpoint);

  private final Section root;
  private final Section section;
  private final Section tunnel;
  private final Subnet subnet;
  private final PortPlan ports;
  private final Map<String, Section> sections = new LinkedHashMap<>();
  private final Map<String, Host> hosts = new LinkedHashMap<>();

  HostsReader(Section root, Section tunnel, Subnet subnet, PortPlan ports) {
    this.root = root;
    this.section = root.section("hosts");
    this.tunnel = tunnel;
    this.subnet = subnet;
    this.ports = ports;
  }

  ImmutableMap<String, Host> read() {
    section
        .named()
        .forEach((id, host) -> {
          ClusterFileReader.checkName(section, id, ID);
          Host read = host(id, host);
          checkAddress(host, read);
          read.endpoint().ifPresent(endpoint -> checkEndpoint(host, endpoint));
          sections.put(id, host);
          hosts.put(id, read);
        });
    if (hosts.isEmpty()) {
      if (root.sound("hosts")) {
        root.missing("hosts", "a primary, a standby, a witness and an operator host");
      }
    } else {
      checkRoles();
    }
    return ImmutableMap.copyOf(hosts);
  }

  private Host host(String id, Section host) {
    HostRole role = host.required("role", Format.oneOf(HostRole.class));
    Optional<HostAndPort> endpoint = host.optional("endpoint", ENDPOINT);
    if (endpoint.isEmpty() && host.sound("role", "endpoint") && role.votes()) {
      host.missing("endpoint", "HOST:PORT, where the other hosts reach its tunnel");
    }
    return new Host(id, role, endpoint, host.required("address", ADDRESS));
  }

  private void checkAddress(Section host, Host read) {
    if (!host.sound("address")) {
      return;
    }
    if (tunnel.sound("subnet") && !subnet.hasHost(read.address())) {
      host.reject(
          "address",
          read.address() + " (expected: an address of a host in tunnel.subnet " + subnet + ")");
    }
    hosts.values().stream()
        .filter(other -> other.address().equals(read.address()))
        .findFirst()
        .ifPresent(other ->
            host.reject(
                "address",
                read.address()
                    + " is that of "
                    + path(other, "address")
                    + " (expected: an address of its own)"));
  }

  private void checkEndpoint(Section host, HostAndPort endpoint) {
    if (tunnel.sound("subnet")
        && isInet4(endpoint.getHost())
        && subnet.hasHost(endpoint.getHost())) {
      host.reject(
          "endpoint",
          endpoint + " is inside the tunnel (expected: an address outside of " + subnet + ")");
    }
    for (Host other : hosts.values()) {
      Optional<HostAndPort> taken = other.endpoint();
      if (taken.isEmpty() || !taken.get().getHost().equals(endpoint.getHost())) {
        continue;
      }
      int apart = Math.abs(taken.get().getPort() - endpoint.getPort());
      if (apart == 0) {
        host.reject(
            "endpoint",
            endpoint
                + " is that of "
                + path(other, "endpoint")
                + " (expected: an endpoint of its own)");
      } else if (apart == 1) {
        host.reject(
            "endpoint",
            endpoint
                + " is next to "
                + path(other, "endpoint")
                + ", and a rotation of keys uses the port after each (expected: a port 2 away or"
                + " more)");
      }
    }
    ports.tunnel(host, "endpoint", endpoint.getPort());
  }

  /** Who leads, who stands by, and whether a majority is left when one voter is lost. */
  private void checkRoles() {
    if (!section.sound(hosts.keySet().toArray(String[]::new))
        || !sections.values().stream().allMatch(host -> host.sound("role"))) {
      return;
    }
    ImmutableList<Host> primaries = withRole(HostRole.PRIMARY);
    if (primaries.isEmpty()) {
      root.reject("hosts", "no primary (expected: exactly one host with role primary)");
    }
    primaries.stream()
        .skip(1)
        .forEach(later ->
            section(later)
                .reject(
                    "role",
                    "a second primary, beside "
                        + primaries.getFirst().id()
                        + " (expected: exactly one; make this one a standby)"));
    if (withRole(HostRole.STANDBY).isEmpty() && primaries.size() < 2) {
      root.reject("hosts", "no standby (expected: at least one host with role standby)");
    }
    long voters = hosts.values().stream().filter(host -> host.role().votes()).count();
    if (voters < VOTERS_MIN || voters > VOTERS_MAX || voters % 2 == 0) {
      root.reject(
          "hosts",
          voters
              + (voters == 1 ? " voter" : " voters")
              + " (expected: an odd number of primary, standby and witness hosts, 3 to 9, so that a"
              + " majority is left when one is lost; "
              + (voters > VOTERS_MAX ? "remove some" : "add a witness")
              + ")");
    }
  }

  private ImmutableList<Host> withRole(HostRole role) {
    return hosts.values().stream()
        .filter(host -> host.role() == role)
        .collect(ImmutableList.toImmutableList());
  }

  private Section section(Host host) {
    Section found = sections.get(host.id());
    if (found == null) {
      throw new IllegalStateException(host.id() + " was read from no section");
    }
    return found;
  }

  private String path(Host host, String key) {
    return section(host).path(key);
  }

  private static boolean isInet4(String text) {
    return InetAddresses.isInetAddress(text)
        && InetAddresses.forString(text) instanceof Inet4Address;
  }

  private static boolean isEndpoint(HostAndPort endpoint) {
    String host = endpoint.getHost();
    if (endpoint.getPort() > PORT_MAX || host.equals("localhost")) {
      return false;
    }
    if (!InetAddresses.isInetAddress(host)) {
      return InternetDomainName.isValid(host);
    }
    InetAddress address = InetAddresses.forString(host);
    return !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isMulticastAddress();
  }
}
