package io.understudy.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.understudy.node.api.ApiServer;
import io.understudy.node.config.CoordinationConfig;
import io.understudy.node.config.GatewayConfig;
import io.understudy.node.config.NodeConfig;
import io.understudy.node.config.PositionsConfig;
import io.understudy.node.config.PrivateDirectory;
import io.understudy.node.config.SecretFile;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.driver.clientportal.ClientPortalDriver;
import io.understudy.node.driver.clientportal.ClientPortalSettings;
import io.understudy.node.driver.clientportal.Turns;
import io.understudy.node.driver.fault.SelfInflicted;
import io.understudy.node.driver.file.CsvPositionSource;
import io.understudy.node.driver.file.JsonPositionSource;
import io.understudy.node.driver.journal.FileJournal;
import io.understudy.node.driver.peer.GrpcPeerClient;
import io.understudy.node.driver.postgresql.PostgresqlPositionSource;
import io.understudy.node.driver.relay.NettyRelays;
import io.understudy.node.driver.systemd.NotifySocket;
import io.understudy.node.driver.totp.TotpCodeSource;
import io.understudy.node.driver.undertaker.LifeRecordFile;
import io.understudy.node.driver.wireguard.TunnelSocket;
import io.understudy.node.driver.wireguard.WireGuardTunnels;
import io.understudy.node.driver.zookeeper.ServerProbes;
import io.understudy.node.driver.zookeeper.ZooKeeperCoordination;
import io.understudy.node.driver.zookeeper.ZooKeeperSettings;
import io.understudy.node.http.HttpEndpoints;
import io.understudy.node.loop.CellDrivers;
import io.understudy.node.loop.ControlLoop;
import io.understudy.node.loop.LoopPulse;
import io.understudy.node.metrics.NodeMetrics;
import io.understudy.node.page.PageServer;
import io.understudy.node.spi.CodeSource;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FaultInjector;
import io.understudy.node.spi.GatewayDriver;
import io.understudy.node.spi.GatewayTraces;
import io.understudy.node.spi.LeaseGuard;
import io.understudy.node.spi.PositionSource;
import io.understudy.node.spi.Secret;
import io.understudy.node.spi.SessionRecord;
import io.understudy.node.spi.Supervisor;
import io.understudy.node.spi.TradingRelay;
import io.understudy.node.spi.Tunnels;
import io.understudy.node.tls.ExpiryWarning;
import io.understudy.node.tls.FileWatch;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import io.understudy.node.tls.Watched;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Constructs every driver and hands it to the loop; nothing else in the project does. */
final class Wiring {
  private static final Duration PEER_WARM_UP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration STOP_SLACK = Duration.ofSeconds(3);

  private final NodeConfig config;
  private final StateLock lock;
  private final CoordinationDriver coordination;
  private final Reloaded<TlsMaterial> apiTls;
  private final Optional<Reloaded<TlsMaterial>> coordinationTls;
  private final Reloaded<ImmutableSet<BigInteger>> revoked;
  private final Optional<Reloaded<Optional<Secret>>> viewerToken;
  private final FileWatch files;
  private final GrpcPeerClient peers;
  private final ControlLoop loop;
  private Optional<NettyRelays> relays = Optional.empty();
  private final Turns turns = new Turns();
  private ImmutableMap<GatewayId, TradingRelay> relayOf = ImmutableMap.of();

  private Wiring(NodeConfig config) throws DriverException {
    this.config = config;
    Path state = PrivateDirectory.prepare(config.stateDirectory());
    lock = StateLock.take(state);
    NodeSettings settings =
        new NodeSettings(
            config.node(),
            new InstanceId(UUID.randomUUID().toString()),
            config.api().advertise().toString(),
            Version.text(),
            config.lease(),
            config.gateways().values().stream()
                .map(gateway -> cellSettings(gateway, config))
                .collect(ImmutableList.toImmutableList()));
    InstantSource clock = InstantSource.system();
    apiTls = config.api().tls().reloaded("api", clock);
    revoked = config.api().revokedSerials();
    viewerToken =
        config.page().isPresent()
            ? Optional.of(config.page().get().viewerToken())
            : Optional.empty();
    coordinationTls =
        config.coordination().tls().isPresent()
            ? Optional.of(config.coordination().tls().get().reloaded("coordination", clock))
            : Optional.empty();
    coordination = new ZooKeeperCoordination(zooKeeper(config), lifeRecord(config, state));
    peers = GrpcPeerClient.create(config.node(), apiTls, revoked::current);
    files = FileWatch.start(watched());
    loop =
        new ControlLoop(
            config.cluster(),
            settings,
            coordination,
            new ControlLoop.Watching(
                peers,
                tunnels(config),
                ServerProbes.of(config.coordination().connect(), coordinationTls)),
            this::cells,
            new FileJournal(state.resolve("journal")),
            stopTimeout());
  }

  /** With what this node can do to itself in a drill. */
  private static CellSettings cellSettings(GatewayConfig gateway, NodeConfig config) {
    boolean supervised =
        switch (config.supervision()) {
          case SYSTEMD -> !System.getenv().getOrDefault("NOTIFY_SOCKET", "").isEmpty();
          case OTHER -> true;
        };
    return gateway
        .cellSettings()
        .withDrill(gateway.drill().withMeans(supervised, config.tunnelSocket().isPresent()));
  }

  private static FaultInjector faults(NodeConfig config) {
    return new SelfInflicted(
        config
            .tunnelSocket()
            .map(TunnelSocket::new)
            .map(socket ->
                lasting -> {
                  var _ = socket.ask("cut " + Math.max(1, lasting.toSeconds()));
                }));
  }

  private static Tunnels tunnels(NodeConfig config) {
    return config
        .tunnelSocket()
        .map(path -> WireGuardTunnels.through(new TunnelSocket(path)))
        .orElseGet(() -> WireGuardTunnels.through("wg"));
  }

  static Wiring of(NodeConfig config) throws DriverException {
    return new Wiring(config);
  }

  ControlLoop loop() {
    return loop;
  }

  CoordinationDriver coordination() {
    return coordination;
  }

  /** Who watches over this process, as its environment says. */
  Supervisor supervisor() {
    return NotifySocket.of(System.getenv());
  }

  /** How long a stop in good order may take: the slowest gateway's logout, then its fence. */
  Duration stopTimeout() {
    return config.gateways().values().stream()
        .map(gateway -> gateway.timings().logout().plus(gateway.timings().fence()))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO)
        .plus(STOP_SLACK);
  }

  ApiServer startApi() throws DriverException {
    ApiServer api =
        ApiServer.start(
            new ApiServer.Settings(
                ImmutableList.of(address(config.api().listen())),
                apiTls,
                revoked::current,
                ApiServer.Settings.OPERATION_TIMEOUT_DEFAULT,
                relayAddresses()),
            loop);
    String own = config.api().listen().toString();
    Thread.ofVirtual().name("peer-warm-up").start(() -> peers.warmUp(own, PEER_WARM_UP_TIMEOUT));
    return api;
  }

  /** Where trading clients reach this node: at its own address where a relay listens at all. */
  private ImmutableMap<GatewayId, HostAndPort> relayAddresses() {
    return config.gateways().values().stream()
        .collect(
            ImmutableMap.toImmutableMap(
                GatewayConfig::id,
                gateway -> {
                  HostAndPort listen = gateway.relay().listen();
                  return InetAddresses.isInetAddress(listen.getHost())
                          && InetAddresses.forString(listen.getHost()).isAnyLocalAddress()
                      ? HostAndPort.fromParts(config.api().advertise().getHost(), listen.getPort())
                      : listen;
                }));
  }

  HttpEndpoints startHttp() throws DriverException {
    ImmutableMap.Builder<GatewayId, Supplier<TradingRelay.Traffic>> traffic =
        ImmutableMap.builder();
    relayOf.forEach((gateway, relay) -> traffic.put(gateway, relay::traffic));
    NodeMetrics metrics =
        new NodeMetrics(
            loop,
            config.gateways().values().stream()
                .map(gateway -> cellSettings(gateway, config))
                .collect(ImmutableList.toImmutableList()),
            traffic.buildOrThrow(),
            certificateEnds(),
            InstantSource.system());
    return HttpEndpoints.start(
        config.http().listen().stream()
            .map(Wiring::address)
            .collect(ImmutableList.toImmutableList()),
        loop,
        metrics,
        new LoopPulse(LoopPulse.SILENCE_MAX_DEFAULT));
  }

  /** The status page; empty where none is configured. */
  Optional<PageServer> startPage() throws DriverException {
    if (config.page().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        PageServer.start(
            new PageServer.Settings(
                address(config.page().get().listen()),
                apiTls,
                revoked::current,
                () -> viewerToken.flatMap(Reloaded::current)),
            loop));
  }

  /**
   * Closes what the loop does not own; after the loop.
   *
   * @param fenced whether every gateway surely stopped; if not, the coordination session is left to
   *     its timeout or to the undertaker, since its end lets another node log in
   */
  void close(boolean fenced) {
    files.close();
    peers.close();
    relays.ifPresent(NettyRelays::close);
    if (fenced) {
      coordination.close();
    }
    lock.close();
  }

  private static InetSocketAddress address(HostAndPort hostAndPort) {
    return new InetSocketAddress(hostAndPort.getHost(), hostAndPort.getPort());
  }

  private ImmutableList<Watched> watched() {
    return ImmutableList.<Watched>builder()
        .add(apiTls, revoked)
        .addAll(coordinationTls.stream().toList())
        .addAll(viewerToken.stream().toList())
        .add(new ExpiryWarning(certificateEnds()))
        .build();
  }

  /** By name, when what is in effect ends. */
  private ImmutableMap<String, Supplier<Instant>> certificateEnds() {
    ImmutableMap.Builder<String, Supplier<Instant>> ends = ImmutableMap.builder();
    ends.put("api", () -> apiTls.current().ends());
    ends.put("api-authority", () -> apiTls.current().authorityEnds());
    coordinationTls.ifPresent(tls -> {
      ends.put("coordination", () -> tls.current().ends());
      ends.put("coordination-authority", () -> tls.current().authorityEnds());
    });
    return ends.buildOrThrow();
  }

  private ZooKeeperSettings zooKeeper(NodeConfig config) {
    CoordinationConfig coordination = config.coordination();
    return ZooKeeperSettings.of(
        coordination.connect(),
        config.cluster(),
        coordination.sessionTimeout(),
        config.gateways().keySet().asList(),
        coordinationTls);
  }

  private static SessionRecord lifeRecord(NodeConfig config, Path state) {
    CoordinationConfig coordination = config.coordination();
    return new LifeRecordFile(
        state.toAbsolutePath(),
        coordination.connect(),
        coordination.sessionTimeout(),
        coordination.tls(),
        config.gateways().values().stream()
            .map(gateway -> traces(gateway, config.stateDirectory()))
            .collect(ImmutableList.toImmutableList()));
  }

  private static GatewayTraces traces(GatewayConfig gateway, Path state) {
    return switch (gateway.driver()) {
      case CLIENT_PORTAL -> ClientPortalDriver.traces(ClientPortalSettings.of(gateway, state));
    };
  }

  private ImmutableList<CellDrivers> cells(LeaseGuard guard) {
    NettyRelays made = new NettyRelays(guard);
    relays = Optional.of(made);
    ImmutableMap.Builder<GatewayId, TradingRelay> byGateway = ImmutableMap.builder();
    ImmutableList.Builder<CellDrivers> cells = ImmutableList.builder();
    for (GatewayConfig gateway : config.gateways().values()) {
      TradingRelay relay =
          made.relay(
              gateway.id(),
              gateway.relay().listen(),
              HostAndPort.fromParts("127.0.0.1", gateway.clientPortal().listenPort()),
              gateway.relay().connectionsMax());
      byGateway.put(gateway.id(), relay);
      cells.add(cell(gateway, relay));
    }
    relayOf = byGateway.buildOrThrow();
    return cells.build();
  }

  private CellDrivers cell(GatewayConfig gateway, TradingRelay relay) {
    Optional<CodeSource> codes =
        gateway
            .secondFactor()
            .secretFile()
            .map(file -> new TotpCodeSource(() -> SecretFile.read(file)));
    return new CellDrivers(
        gateway.id(),
        driver(gateway),
        gateway.secondFactor().kind(),
        codes,
        positions(gateway.positions()),
        gateway.positions().tolerances(),
        relay,
        gateway.timings().logout(),
        gateway.timings().fence(),
        faults(config));
  }

  private GatewayDriver driver(GatewayConfig gateway) {
    return switch (gateway.driver()) {
      case CLIENT_PORTAL ->
          new ClientPortalDriver(
              ClientPortalSettings.of(gateway, config.stateDirectory()),
              InstantSource.system(),
              turns);
    };
  }

  private static Optional<PositionSource> positions(PositionsConfig positions) {
    return switch (positions.source()) {
      case PositionsConfig.Unchecked _ -> Optional.empty();
      case PositionsConfig.JsonFile file -> Optional.of(new JsonPositionSource(file.path()));
      case PositionsConfig.CsvFile file ->
          Optional.of(new CsvPositionSource(file.path(), file.columns()));
      case PositionsConfig.Postgresql database ->
          Optional.of(new PostgresqlPositionSource(database, positions.timeout()));
    };
  }
}
