package io.understudy.bundle.doctor;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.HostAndPort;
import io.understudy.bundle.authority.TunnelKeys;
import io.understudy.bundle.cluster.AlertCredential;
import io.understudy.bundle.cluster.Alerts.MonitoringPorts;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.GatewayCredential;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.cluster.Ports;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.Coordination;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import io.understudy.bundle.doctor.HostManifest.ExpectedSocket;
import io.understudy.bundle.doctor.HostManifest.GatewayProgram;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.HostManifest.OtherNode;
import io.understudy.bundle.doctor.HostManifest.Peer;
import io.understudy.bundle.doctor.HostManifest.TunnelInterface;
import java.util.Comparator;
import java.util.Optional;

/** Works out what a host should be from its place in the cluster. Pure. */
record ExpectedHost(
    ClusterFile cluster,
    Host host,
    ImmutableList<TunnelKeys> keys,
    ImmutableList<InstalledFile> rendered) {
  private static final String UNITS = "/etc/systemd/system/";
  private static final int SSH = 22;

  HostManifest manifest() {
    ImmutableList<InstalledFile> files = files();
    return new HostManifest(
        HostManifest.VERSION,
        cluster.name(),
        host.id(),
        host.role(),
        host.address(),
        host.endpoint().map(HostAndPort::getHost).orElse(""),
        cluster.tunnel().subnet().toString(),
        keys.stream().map(this::tunnel).collect(toImmutableList()),
        files,
        credentials(),
        units(targets(files)),
        sockets(),
        coordination(),
        otherNodes(),
        certificates(targets(files)),
        programs());
  }

  private ImmutableList<InstalledFile> files() {
    return ImmutableList.<InstalledFile>builder()
        .addAll(rendered)
        .add(new InstalledFile(HostManifest.TARGET, "0644", "root:root"))
        .build()
        .stream()
        .sorted(Comparator.comparing(InstalledFile::target))
        .collect(toImmutableList());
  }

  private static ImmutableSet<String> targets(ImmutableList<InstalledFile> files) {
    return files.stream().map(InstalledFile::target).collect(ImmutableSet.toImmutableSet());
  }

  private TunnelInterface tunnel(TunnelKeys tunnel) {
    return new TunnelInterface(
        tunnel.interfaceName(),
        host.endpoint().map(endpoint -> endpoint.getPort() + tunnel.portOffset()).orElse(0),
        tunnel.preferred(),
        host.address(),
        publicKey(tunnel, host),
        cluster.tunnel().mtu(),
        cluster.peersOf(host).stream().map(peer -> peer(tunnel, peer)).collect(toImmutableList()));
  }

  private Peer peer(TunnelKeys tunnel, Host peer) {
    Optional<HostAndPort> endpoint =
        peer.endpoint()
            .map(at -> HostAndPort.fromParts(at.getHost(), at.getPort() + tunnel.portOffset()));
    return new Peer(
        peer.id(),
        peer.address(),
        publicKey(tunnel, peer),
        endpoint.map(HostAndPort::toString).orElse(""),
        Math.toIntExact(cluster.tunnel().keepalive().toSeconds()));
  }

  private static String publicKey(TunnelKeys tunnel, Host host) {
    TunnelKeys.HostKey key = tunnel.hosts().get(host.id());
    if (key == null) {
      throw new IllegalArgumentException(
          "no key of " + host.id() + " for " + tunnel.interfaceName());
    }
    return key.publicKey();
  }

  private ImmutableList<String> credentials() {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    if (host.role().node()) {
      for (Gateway gateway : cluster.gateways().values()) {
        GatewayCredential.of(gateway).forEach(each -> names.add(each.nameFor(gateway)));
      }
      AlertCredential.of(cluster.alerts()).forEach(each -> names.add(each.credential()));
    }
    return names.build();
  }

  /** A service that a timer or a socket starts is not expected to be active all the time. */
  private ImmutableList<String> units(ImmutableSet<String> targets) {
    ImmutableList.Builder<String> units = ImmutableList.builder();
    keys.forEach(tunnel -> units.add("wg-quick@" + tunnel.interfaceName() + ".service"));
    for (String target : targets) {
      boolean nested = target.indexOf('/', UNITS.length()) >= 0;
      if (target.startsWith(UNITS) && !nested && alwaysActive(targets, target)) {
        units.add(target.substring(UNITS.length()));
      }
    }
    return units.build();
  }

  private static boolean alwaysActive(ImmutableSet<String> targets, String unit) {
    boolean timed = targets.contains(unit.replaceFirst("\\.service$", ".timer"));
    return unit.endsWith(".timer")
        || unit.endsWith(".socket")
        || (unit.endsWith(".service") && !unit.endsWith("@.service") && !timed);
  }

  private ImmutableList<ExpectedSocket> sockets() {
    ImmutableList.Builder<ExpectedSocket> sockets = ImmutableList.builder();
    Ports ports = cluster.ports();
    String any = ExpectedSocket.ANY_ADDRESS;
    sockets.add(new ExpectedSocket("tcp", any, SSH, "ssh", false));
    host.endpoint()
        .ifPresent(endpoint ->
            keys.forEach(tunnel ->
                sockets.add(
                    new ExpectedSocket(
                        "udp",
                        any,
                        endpoint.getPort() + tunnel.portOffset(),
                        "WireGuard " + tunnel.interfaceName(),
                        true))));
    if (host.role().node()) {
      sockets.add(own(ports.api(), "the node's API", true));
      sockets.add(own(ports.http(), "the node's health and metrics", true));
      sockets.add(own(ports.page(), "the node's status page", true));
      for (Gateway gateway : cluster.gateways().values()) {
        // Open while the gateway is served from here.
        sockets.add(own(gateway.relayPort(), "relay of gateway " + gateway.name(), false));
        // IBKR's program has no setting for the address that it listens on.
        sockets.add(
            new ExpectedSocket(
                "tcp", any, gateway.programPort(), "program of gateway " + gateway.name(), false));
      }
    }
    if (host.role().node() && cluster.alerts().wanted()) {
      sockets.addAll(monitoring(cluster.alerts().ports()));
    }
    if (host.role().votes()) {
      sockets.add(own(ports.coordination(), "ZooKeeper's clients", true));
      sockets.add(own(ports.election(), "ZooKeeper's elections", true));
      // Only the ensemble's leader listens there.
      sockets.add(own(ports.quorum(), "ZooKeeper's quorum", false));
    }
    return sockets.build();
  }

  private ImmutableList<ExpectedSocket> monitoring(MonitoringPorts ports) {
    String gossip = "Alertmanager's gossip";
    return ImmutableList.of(
        own(ports.prometheus(), "Prometheus", true),
        own(ports.alertmanager(), "Alertmanager", true),
        own(ports.gossip(), gossip, true),
        new ExpectedSocket("udp", host.address(), ports.gossip(), gossip, true));
  }

  private ExpectedSocket own(int port, String program, boolean always) {
    return new ExpectedSocket("tcp", host.address(), port, program, always);
  }

  /** Servers open their port for clients to nodes alone; the witness reaches its own. */
  private Coordination coordination() {
    ImmutableList<CoordinationServer> servers =
        host.role().votes()
            ? cluster.voters().stream()
                .filter(voter -> host.role().node() || voter.id().equals(host.id()))
                .map(voter ->
                    new CoordinationServer(
                        voter.id(), voter.address(), cluster.ports().coordination()))
                .collect(toImmutableList())
            : ImmutableList.of();
    return new Coordination(
        servers,
        Math.toIntExact(cluster.timings().sessionTimeout().toMillis()),
        Math.toIntExact(cluster.timings().tick().toMillis()));
  }

  /** The firewall of a node opens its API to nodes and operators. */
  private ImmutableList<OtherNode> otherNodes() {
    if (!host.role().node() && host.role() != HostRole.OPERATOR) {
      return ImmutableList.of();
    }
    return cluster.nodes().stream()
        .filter(node -> !node.id().equals(host.id()))
        .map(node ->
            new OtherNode(node.id(), node.address(), cluster.ports().api(), cluster.ports().http()))
        .collect(toImmutableList());
  }

  private ImmutableList<CertificateFiles> certificates(ImmutableSet<String> targets) {
    ImmutableList.Builder<CertificateFiles> certificates = ImmutableList.builder();
    for (String target : targets) {
      String directory = target.substring(0, target.lastIndexOf('/') + 1);
      String name = target.substring(directory.length());
      String key = target.replaceFirst("\\.crt$", ".key");
      if (name.endsWith(".crt") && targets.contains(key)) {
        String authority = name.startsWith("coordination") ? "coordination-authority" : "authority";
        boolean person = directory.startsWith("/etc/understudy/operators/");
        certificates.add(
            new CertificateFiles(
                target, key, directory + authority + ".crt", person ? "" : host.address()));
      } else if (name.equals("server.pem")) {
        certificates.add(
            new CertificateFiles(target, target, directory + "authority.pem", host.address()));
      }
    }
    return certificates.build();
  }

  private ImmutableList<GatewayProgram> programs() {
    if (!host.role().node()) {
      return ImmutableList.of();
    }
    return cluster.gateways().values().stream()
        .map(gateway ->
            new GatewayProgram(
                gateway.name(),
                gateway.clientPortal().program(),
                gateway.clientPortal().browser().equals("chromium")
                    ? ImmutableList.of("/usr/bin/chromium", "/usr/bin/chromedriver")
                    : ImmutableList.of()))
        .collect(toImmutableList());
  }
}
