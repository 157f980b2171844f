package io.understudy.bundle.doctor;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.authority.TunnelKeys;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;

/**
 * What one host should be. Every bundle carries it to {@value #TARGET}, where {@code understudy
 * cluster doctor} reads it. Nothing in it is secret. The JSON form is {@link ManifestJson}'s.
 *
 * @param version of this form
 * @param address the host's own address inside the tunnel
 * @param publicAddress host or address of its endpoint; empty for a host that only calls
 * @param files sorted by target
 * @param credentials names of the secrets that are entered on the host, without {@code .cred}
 * @param units of systemd, which should be enabled and active
 * @param coordination the ZooKeeper servers that the host may ask: a node all of them, the witness
 *     its own, others none
 * @param nodes the other hosts that run the daemon, where this one may ask them
 */
@Immutable
public record HostManifest(
    int version,
    String cluster,
    String host,
    HostRole role,
    String address,
    String publicAddress,
    String subnet,
    ImmutableList<TunnelInterface> tunnels,
    ImmutableList<InstalledFile> files,
    ImmutableList<String> credentials,
    ImmutableList<String> units,
    ImmutableList<ExpectedSocket> sockets,
    Coordination coordination,
    ImmutableList<OtherNode> nodes,
    ImmutableList<CertificateFiles> certificates,
    ImmutableList<GatewayProgram> gateways) {
  public static final int VERSION = 1;
  public static final String TARGET = "/etc/understudy/host.json";

  /**
   * One WireGuard interface; two of them during a rotation of keys.
   *
   * @param listenPort 0 when any will do
   * @param preferred whether the host's routes should lead through it
   */
  @Immutable
  public record TunnelInterface(
      String name,
      int listenPort,
      boolean preferred,
      String address,
      String publicKey,
      int mtu,
      ImmutableList<Peer> peers) {}

  /**
   * The other end of a tunnel.
   *
   * @param endpoint {@code host:port}; empty for a peer that only calls
   */
  @Immutable
  public record Peer(
      String host, String address, String publicKey, String endpoint, int keepaliveSeconds) {}

  /**
   * A file that the bundle put in place.
   *
   * @param mode octal, e.g. {@code 0600}
   * @param owner {@code user:group}
   */
  @Immutable
  public record InstalledFile(String target, String mode, String owner) {}

  /**
   * A port on which something of ours listens.
   *
   * @param protocol {@code tcp} or {@code udp}
   * @param address where alone it may listen; {@value #ANY_ADDRESS} where the program has no choice
   *     and the firewall keeps others out, or where everybody is meant to come
   * @param program in words
   * @param always whether it has to listen whenever the host is healthy, or only in some phase
   */
  @Immutable
  public record ExpectedSocket(
      String protocol, String address, int port, String program, boolean always) {
    public static final String ANY_ADDRESS = "*";
  }

  /** The ensemble of ZooKeeper servers and the times that the lease's arithmetic rests on. */
  @Immutable
  public record Coordination(
      ImmutableList<CoordinationServer> servers, int sessionTimeoutMillis, int tickMillis) {}

  /** One ZooKeeper server, at its port for clients. */
  @Immutable
  public record CoordinationServer(String host, String address, int port) {}

  /** A host that runs the daemon, as seen from another one. */
  @Immutable
  public record OtherNode(String host, String address, int apiPort, int httpPort) {}

  /**
   * A certificate with what belongs to it.
   *
   * @param certificate path of a PEM file
   * @param key path of the PEM file of its key, which may be the same
   * @param authority path of the PEM file of the authorities that its chain ends at
   * @param address that has to stand among its names; empty for a person's certificate
   */
  @Immutable
  public record CertificateFiles(
      String certificate, String key, String authority, String address) {}

  /**
   * IBKR's program for one gateway, and the browser that logs in.
   *
   * @param directory which it was unpacked to
   * @param browsers programs that have to be there; none for the browser that is part of the daemon
   */
  @Immutable
  public record GatewayProgram(String gateway, String directory, ImmutableList<String> browsers) {}

  /**
   * Of a host's place in the cluster and of the files of its bundle.
   *
   * @param files all but this manifest's own
   */
  public static HostManifest of(
      ClusterFile cluster,
      Host host,
      ImmutableList<TunnelKeys> tunnels,
      ImmutableList<InstalledFile> files) {
    return new ExpectedHost(cluster, host, tunnels, files).manifest();
  }
}
