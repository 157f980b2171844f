package io.understudy.controller;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.understudy.controller.verb.Understudy;
import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.Custody;
import io.understudy.v1.Gateway;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.Node;
import io.understudy.v1.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Loads what a usual call loads, so that the JVM can keep it in a start-up cache: shows the status
 * of a cluster that this class itself plays on loopback, over mutual TLS. Run by the start script.
 */
final class Rehearsal {
  private static final String NAME = "rehearsal";
  private static final String AUTHORITY = "authority";

  private final Path folder;

  private Rehearsal(Path folder) {
    this.folder = folder;
  }

  /** Takes a private folder with the key store {@code rehearsal.p12}, and leaves files there. */
  public static void main(String[] arguments) throws Exception {
    System.exit(new Rehearsal(Path.of(arguments[0])).run());
  }

  private int run() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(folder.resolve(NAME + ".p12"))) {
      store.load(file, NAME.toCharArray());
    }
    write("certificate.pem", "CERTIFICATE", store.getCertificate(NAME).getEncoded());
    write("authority.pem", "CERTIFICATE", store.getCertificate(AUTHORITY).getEncoded());
    write("key.pem", "PRIVATE KEY", store.getKey(NAME, NAME.toCharArray()).getEncoded());
    Server server =
        OkHttpServerBuilder.forPort(loopback(), InsecureServerCredentials.create())
            .addService(new Stage())
            .build()
            .start();
    try (SSLServerSocket door = door(store)) {
      Thread.ofVirtual().start(() -> admit(door, server.getPort()));
      Path config = folder.resolve("config.yaml");
      Files.write(
          config,
          List.of(
              "current-context: rehearsal",
              "contexts:",
              "  rehearsal:",
              "    endpoints: [\"127.0.0.1:" + door.getLocalPort() + "\"]",
              "    certificate: certificate.pem",
              "    key: key.pem",
              "    authority: authority.pem"));
      int exitCode = 0;
      for (String format : List.of("table", "json")) {
        exitCode +=
            Understudy.execute(
                Main.system(), "status", "--config", config.toString(), "-o", format);
      }
      return exitCode;
    } finally {
      server.shutdownNow();
    }
  }

  /** The server of okhttp speaks no TLS 1.3, so this stands in front of it. */
  private static SSLServerSocket door(KeyStore store) throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, NAME.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(AUTHORITY, store.getCertificate(AUTHORITY));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLSv1.3");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    SSLServerSocket door = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
    SSLParameters parameters = door.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    parameters.setNeedClientAuth(true);
    door.setSSLParameters(parameters);
    door.bind(loopback());
    return door;
  }

  /** Passes each connection on, until the door is closed. */
  private static void admit(SSLServerSocket door, int port) {
    while (!door.isClosed()) {
      try {
        Socket outside = door.accept();
        Socket inside = new Socket(InetAddress.getLoopbackAddress(), port);
        Thread.ofVirtual().start(() -> pass(outside, inside));
        Thread.ofVirtual().start(() -> pass(inside, outside));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      var _ = from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One side is gone, which closes the other.
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void write(String name, String what, byte[] encoded) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  /** The cluster that is shown. */
  private static final class Stage extends ControlPlaneGrpc.ControlPlaneImplBase {
    @Override
    public void getCluster(GetClusterRequest request, StreamObserver<Cluster> observer) {
      Timestamp now = Timestamps.now();
      Gateway.Builder gateway =
          Gateway.newBuilder()
              .setId(NAME)
              .setLeader(NAME)
              .addCells(
                  Cell.newBuilder()
                      .setNode(NAME)
                      .setLeader(true)
                      .setPhase(Phase.PHASE_SERVING)
                      .setEpoch(1)
                      .setGateOpen(true)
                      .setSession(BrokerageSession.BROKERAGE_SESSION_ESTABLISHED))
              .setCustody(Custody.newBuilder().setNode(NAME).setEpoch(1).setSince(now))
              .setLastLogin(now)
              .setLastTransition(HistoryEntry.newBuilder().setAt(now).setKind("Serving"));
      Node.Builder node =
          Node.newBuilder()
              .setId(NAME)
              .setRegistered(true)
              .setLeaseRemaining(Durations.fromMillis(4_800));
      observer.onNext(
          Cluster.newBuilder()
              .setName(NAME)
              .setAnsweredBy(NAME)
              .setAt(now)
              .addNodes(node)
              .addGateways(gateway)
              .build());
      observer.onCompleted();
    }
  }
}
