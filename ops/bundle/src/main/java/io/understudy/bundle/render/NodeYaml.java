package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.authority.Identity;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.GatewayCredential;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Log;
import io.understudy.bundle.cluster.Ports;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the daemon is told, and the files that it is told of. What stands here is what differs from
 * the daemon's defaults.
 */
final class NodeYaml {
  static final String USER = "understudy";
  static final String CONFIG = "/etc/understudy/understudyd.yaml";
  static final String STATE = "/var/lib/understudy";
  private static final String TLS = "/etc/understudy/tls/";

  /** In no bundle: whoever wants one makes it on the node, and the daemon takes it at once. */
  private static final String VIEWER_TOKEN = "/etc/understudy/viewer-token";

  private NodeYaml() {}

  static ImmutableList<RenderedFile> of(Place place) {
    Identity node = place.identity(place.material().nodes());
    Identity client = place.identity(place.material().coordinationClients());
    return ImmutableList.of(
        RenderedFile.open(CONFIG, config(place)),
        RenderedFile.open(TLS + "node.crt", node.certificate()),
        RenderedFile.secret(TLS + "node.key", node.key(), USER),
        RenderedFile.open(TLS + "authority.crt", place.material().apiTrust()),
        RenderedFile.open(TLS + "revoked", revoked(place)),
        RenderedFile.open(TLS + "coordination.crt", client.certificate()),
        RenderedFile.secret(TLS + "coordination.key", client.key(), USER),
        RenderedFile.open(
            TLS + "coordination-authority.crt", place.material().coordinationTrust()));
  }

  private static String revoked(Place place) {
    StringBuilder text = new StringBuilder(place.header());
    text.append("# Serial numbers of certificates that count no longer, in hexadecimal.\n");
    place.material().revoked().forEach(serial -> text.append(serial).append('\n'));
    return text.toString();
  }

  private static String config(Place place) {
    Ports ports = place.cluster().ports();
    String own = place.host().address();
    String head =
        """
        cluster: %s
        node: %s
        state-directory: %s
        tunnel-socket: %s

        coordination:
          connect: %s
          session-timeout: %s
          tls:
            certificate: %8$scoordination.crt
            key: %8$scoordination.key
            authority: %8$scoordination-authority.crt

        api:
          listen: %7$s
          certificate: %8$snode.crt
          key: %8$snode.key
          authority: %8$sauthority.crt
          revoked: %8$srevoked

        """
            .formatted(
                quoted(place.cluster().name()),
                quoted(place.host().id()),
                STATE,
                TunnelUnits.SOCKET_PATH,
                quoted(connect(place)),
                Place.printed(place.cluster().timings().sessionTimeout()),
                quoted(own + ":" + ports.api()),
                TLS);
    String http =
        """
        http:
          listen: [%s]

        page:
          listen: %s
          viewer-token-file: %s

        gateways:
        """
            .formatted(
                quoted(own + ":" + ports.http()), quoted(own + ":" + ports.page()), VIEWER_TOKEN);
    return place.header()
        + head
        + log(place.cluster().log())
        + http
        + place.cluster().gateways().values().stream()
            .map(gateway -> gateway(place, gateway).indent(2))
            .collect(Collectors.joining("\n"));
  }

  private static String log(Log log) {
    return log.equals(Log.DEFAULT)
        ? ""
        : "log: {format: %s, level: %s}\n\n"
            .formatted(constant(log.format()), constant(log.level()));
  }

  private static String connect(Place place) {
    return place.cluster().voters().stream()
        .map(Host::address)
        .map(address -> address + ":" + place.cluster().ports().coordination())
        .collect(Collectors.joining(","));
  }

  private static String gateway(Place place, Gateway gateway) {
    return """
    %s:
      driver: %s
      mode: %s
      username-file: %s
      password-file: %s
      second-factor: %s
      competing-session: %s
      relay:
        listen: %s
      maintenance-region: %s
    """
            .formatted(
                quoted(gateway.name()),
                constant(gateway.driver()),
                constant(gateway.mode()),
                GatewayCredential.USERNAME.readAt(gateway),
                GatewayCredential.PASSWORD.readAt(gateway),
                secondFactor(gateway),
                constant(gateway.competingSession()),
                quoted(place.host().address() + ":" + gateway.relayPort()),
                gateway.maintenanceRegion())
        + windows("maintenance", gateway.maintenance()).indent(2)
        + drill(gateway.drill()).indent(2)
        + clientPortal(gateway).indent(2)
        + positions(gateway).indent(2);
  }

  private static String secondFactor(Gateway gateway) {
    return switch (gateway.secondFactor()) {
      case TOTP ->
          "{kind: totp, secret-file: %s}".formatted(GatewayCredential.TOTP.readAt(gateway));
      case PUSH, OPERATOR, NONE -> "{kind: %s}".formatted(constant(gateway.secondFactor()));
    };
  }

  private static String drill(Gateway.Drill drill) {
    if (drill.equals(Gateway.Drill.DEFAULT)) {
      return "";
    }
    return "drill:\n  rto: %s\n  timeout: %s\n"
            .formatted(Place.printed(drill.rto()), Place.printed(drill.timeout()))
        + windows("market-hours", drill.marketHours()).indent(2);
  }

  private static String windows(String key, ImmutableList<Gateway.Window> windows) {
    if (windows.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder(key + ":\n");
    for (Gateway.Window window : windows) {
      text.append(
          "  - {days: [%s], from: %s, to: %s, zone: %s}\n"
              .formatted(
                  String.join(", ", window.days()),
                  quoted(window.from()),
                  quoted(window.to()),
                  quoted(window.zone())));
    }
    return text.toString();
  }

  private static String clientPortal(Gateway gateway) {
    Gateway.ClientPortal portal = gateway.clientPortal();
    StringBuilder text = new StringBuilder("client-portal:\n");
    text.append("  program: %s\n".formatted(quoted(portal.program())));
    text.append("  listen-port: %d\n".formatted(gateway.programPort()));
    portal.upstream().ifPresent(uri -> text.append("  upstream: %s\n".formatted(quoted(uri))));
    text.append("  browser: {engine: %s}\n".formatted(portal.browser()));
    portal.preSubmitDelay().ifPresent(delay -> text.append("  pre-submit-delay: " + delay + "\n"));
    return text.toString();
  }

  private static String positions(Gateway gateway) {
    StringBuilder text = new StringBuilder("positions:\n");
    text.append("  source: %s\n".formatted(gateway.positions().source()));
    gateway
        .positions()
        .settings()
        .forEach((key, value) -> text.append("  %s: %s\n".formatted(key, quoted(value))));
    if (GatewayCredential.of(gateway).contains(GatewayCredential.POSITIONS_PASSWORD)) {
      text.append(
          "  user-file: %s\n  password-file: %s\n"
              .formatted(
                  GatewayCredential.POSITIONS_USER.readAt(gateway),
                  GatewayCredential.POSITIONS_PASSWORD.readAt(gateway)));
    }
    return text.toString();
  }

  private static String constant(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
