package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.settings.ConfigException;
import io.understudy.settings.ConfigException.Problem;
import io.understudy.settings.Document;
import io.understudy.settings.Format;
import io.understudy.settings.Section;
import io.understudy.settings.SettingsFile;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Binds the file to {@link NodeConfig}; the sections of a gateway have a reader of their own. */
final class NodeConfigReader {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Document document;
  private final FileFormats files;
  private final Listeners listeners = new Listeners();

  private NodeConfigReader(Document document, FileFormats files) {
    this.document = document;
    this.files = files;
  }

  static NodeConfig load(Path file, Clock clock) throws ConfigException {
    Path absolute = file.toAbsolutePath().normalize();
    Document document =
        new Document(SettingsFile.text(absolute, "name the configuration file of this node"));
    Path base = Optional.ofNullable(absolute.getParent()).orElse(absolute);
    FileFormats files = new FileFormats(base, clock.instant());
    if (!document.readable()) {
      throw new ConfigException(absolute.toString(), document.problems());
    }
    NodeConfig config = new NodeConfigReader(document, files).bind(document.root());
    ImmutableList<Problem> problems = document.problems();
    if (!problems.isEmpty()) {
      throw new ConfigException(absolute.toString(), problems);
    }
    return config;
  }

  private NodeConfig bind(Section root) {
    String cluster = root.required("cluster", Format.NAME);
    NodeId node = new NodeId(root.required("node", Format.NAME));
    Path stateDirectory = root.required("state-directory", files.privateDirectory());
    Optional<Path> tunnelSocket = root.optional("tunnel-socket", files.file());
    Supervision supervision =
        root.optional("supervision", Format.oneOf(Supervision.class), Supervision.SYSTEMD);
    CoordinationConfig coordination = coordination(root.section("coordination"));
    LeaseTimings lease = lease(root.section("lease"), coordination);
    ApiConfig api = api(root.section("api"));
    HttpConfig http = http(root.section("http"));
    LogConfig log = log(root.section("log"));
    Optional<PageConfig> page = root.optionalSection("page").map(this::page);
    ImmutableMap<GatewayId, GatewayConfig> gateways = gateways(root, lease);
    listeners.reportClashes();
    return new NodeConfig(
        cluster,
        node,
        stateDirectory,
        tunnelSocket,
        supervision,
        coordination,
        lease,
        api,
        http,
        log,
        page,
        gateways,
        document.effective());
  }

  private CoordinationConfig coordination(Section section) {
    String connect = section.required("connect", Format.CONNECT);
    Duration sessionTimeout =
        section.optional(
            "session-timeout",
            Format.durationWithin(SECOND.multipliedBy(2), SECOND.multipliedBy(60)),
            CoordinationConfig.SESSION_TIMEOUT_DEFAULT);
    Duration startTimeout =
        section.optional(
            "start-timeout",
            Format.durationWithin(SECOND, Duration.ofMinutes(10)),
            CoordinationConfig.START_TIMEOUT_DEFAULT);
    Optional<TlsFiles> tls = section.optionalSection("tls").map(this::tls);
    return new CoordinationConfig(connect, sessionTimeout, startTimeout, tls);
  }

  private LeaseTimings lease(Section section, CoordinationConfig coordination) {
    Duration sessionTimeout = coordination.sessionTimeout();
    LeaseTimings standard = LeaseTimings.of(sessionTimeout);
    Duration renewInterval =
        section.optional("renew-interval", Format.DURATION, standard.renewInterval());
    Duration safetyMargin =
        section.optional("safety-margin", Format.DURATION, standard.safetyMargin());
    Duration selfFenceLead =
        section.optional("self-fence-lead", Format.DURATION, standard.selfFenceLead());
    ImmutableList<LeaseTimings.Violation> violations =
        LeaseTimings.violations(sessionTimeout, renewInterval, safetyMargin, selfFenceLead);
    violations.forEach(violation ->
        section.reject(
            violation.key(),
            Format.printDuration(violation.value()) + " (expected: " + violation.expected() + ")"));
    return violations.isEmpty()
        ? new LeaseTimings(sessionTimeout, renewInterval, safetyMargin, selfFenceLead)
        : standard;
  }

  private ApiConfig api(Section section) {
    HostAndPort listen = section.required("listen", Format.ADDRESS);
    listeners.add(section, "listen", listen);
    HostAndPort advertise = section.optional("advertise", Format.ADDRESS, listen);
    if (section.sound("listen", "advertise") && Listeners.wildcard(advertise.getHost())) {
      section.reject(
          "advertise", advertise + " (expected: an address at which other nodes reach this one)");
    }
    return new ApiConfig(
        listen, advertise, tls(section), section.optional("revoked", files.revoked()));
  }

  private HttpConfig http(Section section) {
    ImmutableList<HostAndPort> listen = section.list("listen", Format.ADDRESS, ImmutableList.of());
    listen.forEach(address -> listeners.add(section, "listen", address));
    return new HttpConfig(listen);
  }

  private static LogConfig log(Section section) {
    return new LogConfig(
        section.optional(
            "format", Format.oneOf(LogConfig.Format.class), LogConfig.DEFAULT.format()),
        section.optional("level", Format.oneOf(LogConfig.Level.class), LogConfig.DEFAULT.level()));
  }

  private PageConfig page(Section section) {
    HostAndPort listen = section.required("listen", Format.ADDRESS);
    listeners.add(section, "listen", listen);
    return new PageConfig(listen, section.optional("viewer-token-file", files.viewerToken()));
  }

  private TlsFiles tls(Section section) {
    TlsFiles tls =
        new TlsFiles(
            section.required("certificate", files.certificate()),
            section.required("key", files.privateKey()),
            section.required("authority", files.certificate()));
    if (section.sound("certificate", "key") && !belongTogether(tls)) {
      section.reject(
          "key", tls.key() + ": not the key of " + tls.certificate() + " (name the matching pair)");
    }
    return tls;
  }

  private boolean belongTogether(TlsFiles tls) {
    try {
      X509Certificate own = PemFile.certificates(tls.certificate(), files.now()).getFirst();
      return PemFile.key(tls.key(), own).isPresent();
    } catch (Format.Rejected e) {
      return false;
    }
  }

  private ImmutableMap<GatewayId, GatewayConfig> gateways(Section root, LeaseTimings lease) {
    Section section = root.section("gateways");
    GatewayReader reader = new GatewayReader(files, listeners, lease);
    Map<GatewayId, GatewayConfig> gateways = new LinkedHashMap<>();
    section
        .named()
        .forEach((name, gateway) -> {
          GatewayId id = gatewayId(section, name, gateways.size());
          gateways.put(id, reader.read(id, gateway));
        });
    if (gateways.isEmpty() && root.sound("gateways")) {
      root.missing("gateways", "at least one gateway");
    }
    reader.reportSharedUsernames();
    return ImmutableMap.copyOf(gateways);
  }

  private static GatewayId gatewayId(Section section, String name, int index) {
    try {
      return new GatewayId(Format.NAME.parse(name));
    } catch (Format.Rejected e) {
      section.reject(name, e.sentence());
      return new GatewayId("unnamed-" + index);
    }
  }
}
