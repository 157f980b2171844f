package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.settings.ConfigException;
import io.understudy.settings.ConfigException.Problem;
import io.understudy.settings.Document;
import io.understudy.settings.Format;
import io.understudy.settings.Section;
import io.understudy.settings.SettingsFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Binds {@code cluster.yaml} to {@link ClusterFile}. Hosts, gateways and alerts have readers of
 * their own; what concerns several of them is checked here and in {@link PortPlan}.
 */
final class ClusterFileReader {
  private static final int PORT_MIN = 1024;
  private static final int PORT_MAX = 65535;
  private static final Format<Duration> KEEPALIVE =
      Format.DURATION.within(
          "whole seconds from 10s to 2m: with low equal values both ends can for ever begin their"
              + " handshakes at the same moment, and none is ever finished",
          value ->
              value.compareTo(Tunnel.KEEPALIVE_MIN) >= 0
                  && value.compareTo(Tunnel.KEEPALIVE_MAX) <= 0
                  && value.toMillis() % 1000 == 0);
  private static final Format<Duration> TICK =
      Format.DURATION.within(
          "a duration from 100ms to 500ms: the lease counts on a ping between the servers in each"
              + " half tick",
          value ->
              value.compareTo(Timings.TICK_MIN) >= 0 && value.compareTo(Timings.TICK_MAX) <= 0);
  static final Format<Subnet> SUBNET =
      new Format<>(
          "an IPv4 network with a prefix of 8 to 30 bits and nothing behind it, like 10.77.0.0/24",
          Subnet.parse("10.77.0.0/24"),
          Subnet::parse,
          Subnet::toString);

  /** Where one of our programs, which run without root's rights, listens. */
  static final Format<Integer> PORT =
      Format.integer(PORT_MIN, PORT_MAX)
          .within(
              "a port from 1024 to 65535, for which no root's rights are needed",
              port -> port >= PORT_MIN);

  private final PortPlan ports = new PortPlan();

  private ClusterFileReader() {}

  static ClusterFile load(Path file) throws ConfigException {
    Path absolute = file.toAbsolutePath().normalize();
    String text =
        SettingsFile.text(absolute, "make one with `understudy cluster init`, or name another");
    return read(absolute.toString(), new Document(text));
  }

  /**
   * @param file how the file is named in the message
   */
  static ClusterFile read(String file, Document document) throws ConfigException {
    if (!document.readable()) {
      throw new ConfigException(file, document.problems());
    }
    ClusterFile cluster = new ClusterFileReader().bind(document.root());
    ImmutableList<Problem> problems = document.problems();
    if (!problems.isEmpty()) {
      throw new ConfigException(file, problems);
    }
    return cluster;
  }

  private ClusterFile bind(Section root) {
    String name = root.required("cluster", Format.NAME);
    Section tunnelSection = root.section("tunnel");
    Tunnel tunnel = tunnel(tunnelSection);
    ImmutableMap<String, Host> hosts =
        new HostsReader(root, tunnelSection, tunnel.subnet(), ports).read();
    Ports listening = ports(root.section("ports"));
    Timings timings = timings(root.section("timings"));
    ImmutableMap<String, Gateway> gateways = gateways(root);
    ImmutableMap<String, Operator> operators = operators(root, hosts);
    return new ClusterFile(
        name,
        tunnel,
        hosts,
        listening,
        timings,
        gateways,
        operators,
        AlertsReader.read(root.section("alerts"), ports),
        log(root.section("log")),
        drills(root.section("drills"), operators));
  }

  private static Tunnel tunnel(Section section) {
    return new Tunnel(
        section.required("subnet", SUBNET),
        section.optional("keepalive", KEEPALIVE, Tunnel.KEEPALIVE_DEFAULT),
        section.optional(
            "mtu", Format.integer(Tunnel.MTU_MIN, Tunnel.MTU_MAX), Tunnel.MTU_DEFAULT));
  }

  private Ports ports(Section section) {
    return new Ports(
        port(section, "api", Ports.DEFAULT.api()),
        port(section, "http", Ports.DEFAULT.http()),
        port(section, "page", Ports.DEFAULT.page()),
        port(section, "coordination", Ports.DEFAULT.coordination()),
        port(section, "quorum", Ports.DEFAULT.quorum()),
        port(section, "election", Ports.DEFAULT.election()));
  }

  private int port(Section section, String key, int standard) {
    int port = section.optional(key, PORT, standard);
    ports.claim(section, key, port);
    return port;
  }

  private static Timings timings(Section section) {
    Duration tick = section.optional("tick", TICK, Timings.DEFAULT.tick());
    Duration sessionTimeout =
        section.optional(
            "session-timeout",
            Format.durationWithin(Timings.SESSION_TIMEOUT_MIN, Timings.SESSION_TIMEOUT_MAX),
            Timings.DEFAULT.sessionTimeout());
    if (section.sound("tick", "session-timeout")
        && sessionTimeout.toMillis() % tick.toMillis() != 0) {
      long ticks = sessionTimeout.toMillis() / tick.toMillis() + 1;
      section.reject(
          "session-timeout",
          Format.printDuration(sessionTimeout)
              + " (expected: a whole number of ticks of "
              + Format.printDuration(tick)
              + ", such as "
              + Format.printDuration(tick.multipliedBy(ticks))
              + ")");
    }
    return new Timings(sessionTimeout, tick);
  }

  private static Log log(Section section) {
    return new Log(
        section.optional("format", Format.oneOf(Log.Format.class), Log.DEFAULT.format()),
        section.optional("level", Format.oneOf(Log.Level.class), Log.DEFAULT.level()));
  }

  private static Drills drills(Section section, ImmutableMap<String, Operator> operators) {
    Drills.Unattended unattended =
        section.optional(
            "unattended", Format.oneOf(Drills.Unattended.class), Drills.DEFAULT.unattended());
    Optional<String> operator = section.optional("operator", Format.NAME);
    if (operator.isPresent() && !operators.isEmpty()) {
      Operator named = operators.get(operator.get());
      if (named == null || named.role() != Operator.Role.OPERATOR) {
        section.reject(
            "operator",
            operator.get() + " (expected: an operator of this file with role operator)");
      }
    }
    if (unattended != Drills.Unattended.NONE && section.sound("operator") && operator.isEmpty()) {
      section.missing("operator", "whose certificate unattended drills use");
    }
    return new Drills(
        unattended, operator, section.optional("probes", Format.TRUTH, Drills.DEFAULT.probes()));
  }

  private ImmutableMap<String, Gateway> gateways(Section root) {
    Section section = root.section("gateways");
    GatewayReader reader = new GatewayReader(ports);
    Map<String, Gateway> gateways = new LinkedHashMap<>();
    section
        .named()
        .forEach((name, gateway) -> {
          checkName(section, name, GatewayReader.NAME);
          gateways.put(name, reader.read(name, gateway));
        });
    if (gateways.isEmpty() && root.sound("gateways")) {
      root.missing("gateways", "at least one gateway, an IBKR username");
    }
    return ImmutableMap.copyOf(gateways);
  }

  private static ImmutableMap<String, Operator> operators(
      Section root, ImmutableMap<String, Host> hosts) {
    Section section = root.section("operators");
    Map<String, Operator> operators = new LinkedHashMap<>();
    section
        .named()
        .forEach((name, operator) -> {
          checkName(section, name, Format.NAME);
          operators.put(name, operator(name, operator, hosts));
        });
    if (operators.isEmpty() && root.sound("operators")) {
      root.missing(
          "operators", "at least one operator with a host, or nobody can ask the nodes anything");
    }
    return ImmutableMap.copyOf(operators);
  }

  private static Operator operator(String name, Section section, ImmutableMap<String, Host> hosts) {
    Operator.Role role = section.required("role", Format.oneOf(Operator.Role.class));
    String host = section.required("host", HostsReader.ID);
    if (section.sound("host") && !hosts.isEmpty()) {
      checkOperatorHost(section, host, hosts);
    }
    return new Operator(name, role, host);
  }

  private static void checkOperatorHost(
      Section section, String host, ImmutableMap<String, Host> hosts) {
    Host named = hosts.get(host);
    if (named != null && named.role() == HostRole.OPERATOR) {
      return;
    }
    ImmutableList<String> fit =
        hosts.values().stream()
            .filter(candidate -> candidate.role() == HostRole.OPERATOR)
            .map(Host::id)
            .collect(ImmutableList.toImmutableList());
    String found =
        named == null
            ? host + " is no host of this file"
            : host + " has the role " + Format.printConstant(named.role());
    String remedy =
        fit.isEmpty()
            ? "a host with role operator; there is none, add one to hosts"
            : "a host with role operator: " + String.join(", ", fit);
    section.reject("host", found + " (expected: " + remedy + ")");
  }

  /** Checks a key that the author of the file chose. */
  static void checkName(Section section, String name, Format<String> format) {
    try {
      var _ = format.parse(name);
    } catch (Format.Rejected e) {
      section.reject(name, e.sentence());
    }
  }
}
