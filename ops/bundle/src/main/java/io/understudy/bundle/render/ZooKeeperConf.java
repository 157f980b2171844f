package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.authority.Identity;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Ports;
import java.time.Duration;
import java.util.Comparator;

/**
 * What a ZooKeeper server needs: {@code zoo.cfg}, {@code myid}, its certificate with its key, and
 * whom it trusts. All its ports are bound to the tunnel address and ask for a certificate.
 */
final class ZooKeeperConf {
  static final String USER = "understudy-zookeeper";
  static final String CONFIG = "/etc/understudy-zookeeper/zoo.cfg";
  static final String DATA = "/var/lib/understudy-zookeeper";
  private static final String IDENTITY = "/etc/understudy-zookeeper/server.pem";
  private static final String TRUST = "/etc/understudy-zookeeper/authority.pem";

  /** What a new server may take to catch up; the data are a few records for each gateway. */
  private static final Duration INIT_SPAN = Duration.ofSeconds(5);

  /** A line between two data centres may be gone that long without an election. */
  private static final Duration SYNC_SPAN_MAX = Duration.ofSeconds(2);

  private ZooKeeperConf() {}

  static ImmutableList<RenderedFile> of(Place place) {
    Identity identity = place.identity(place.material().coordinationServers());
    return ImmutableList.of(
        RenderedFile.open(CONFIG, config(place)),
        RenderedFile.open(DATA + "/myid", id(place, place.host()) + "\n"),
        RenderedFile.secret(IDENTITY, identity.key() + identity.certificate(), USER),
        RenderedFile.open(TRUST, place.material().coordinationTrust()));
  }

  private static String config(Place place) {
    Duration tick = place.cluster().timings().tick();
    Duration session = place.cluster().timings().sessionTimeout();
    return place.header()
        + """

        # Milliseconds a tick; the limits count in ticks. A server that the others have not heard for
        # syncLimit sends its clients away.
        tickTime=%1$d
        initLimit=%2$d
        syncLimit=%3$d
        # Every client is granted this session timeout in milliseconds, whatever it asks for.
        minSessionTimeout=%4$d
        maxSessionTimeout=%4$d
        """
            .formatted(
                tick.toMillis(),
                ticks(INIT_SPAN, tick),
                ticks(syncSpan(session), tick),
                session.toMillis())
        + """

        # No clientPort: it would stand open in clear beside the secure one.
        secureClientPort=%d
        secureClientPortAddress=%s
        quorumListenOnAllIPs=false
        # A line that a cut has left half open is noticed.
        tcpKeepAlive=true
        admin.enableServer=false
        4lw.commands.whitelist=srvr,mntr,ruok
        """
            .formatted(place.cluster().ports().coordination(), place.host().address())
        + """

        serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
        authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
        ssl.clientAuth=need
        ssl.keyStore.location=%1$s
        ssl.trustStore.location=%2$s
        sslQuorum=true
        ssl.quorum.clientAuth=need
        ssl.quorum.keyStore.location=%1$s
        ssl.quorum.trustStore.location=%2$s
        # New certificates are taken up without a restart.
        client.certReload=true
        sslQuorumReloadCertFiles=true
        """
            .formatted(IDENTITY, TRUST)
        + """

        dataDir=%s
        # Hours between two clean-ups.
        autopurge.purgeInterval=24
        autopurge.snapRetainCount=5
        """
            .formatted(DATA)
        + servers(place);
  }

  /** A server that was cut off must send its clients away well before their sessions end. */
  private static Duration syncSpan(Duration session) {
    Duration third = session.dividedBy(3);
    return third.compareTo(SYNC_SPAN_MAX) < 0 ? third : SYNC_SPAN_MAX;
  }

  /** Rounded up; fewer than two leave no room for one late ping. */
  private static long ticks(Duration span, Duration tick) {
    return Math.max(2, Math.ceilDiv(span.toMillis(), tick.toMillis()));
  }

  private static String servers(Place place) {
    Ports ports = place.cluster().ports();
    StringBuilder text =
        new StringBuilder("\n# A host keeps its id for ever; no other one gets it.\n");
    place.cluster().voters().stream()
        .sorted(Comparator.comparingInt(voter -> id(place, voter)))
        .forEach(voter ->
            text.append(
                "server.%d=%s:%d:%d\n"
                    .formatted(
                        id(place, voter), voter.address(), ports.quorum(), ports.election())));
    return text.toString();
  }

  private static int id(Place place, Host voter) {
    Integer id = place.material().serverIds().get(voter.id());
    if (id == null) {
      throw new IllegalArgumentException("the authority has no server id for " + voter.id());
    }
    return id;
  }
}
