package io.understudy.controller;

import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.understudy.controller.verb.Environment;
import io.understudy.controller.verb.Understudy;
import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.Gateway;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.Node;
import io.understudy.v1.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * Loads what a usual call loads, so that the JVM can keep it in a start-up cache: shows the status
 * of a cluster that this class itself plays on loopback, over mutual TLS. Run by the start script.
 */
final class Rehearsal {
  private static final String NAME = "rehearsal";

  private final Path folder;

  private Rehearsal(Path folder) {
    this.folder = folder;
  }

  /** Takes a private folder with the key store {@code rehearsal.p12}, and leaves files there. */
  public static void main(String[] arguments) throws Exception {
    System.exit(new Rehearsal(Path.of(arguments[0])).run());
  }

  private int run() throws IOException, GeneralSecurityException {
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    writeCredentials(certificate, key);
    Server server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                TlsServerCredentials.newBuilder()
                    .keyManager(certificate.toFile(), key.toFile())
                    .trustManager(certificate.toFile())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build())
            .addService(new Stage())
            .build()
            .start();
    Path config = folder.resolve("config.yaml");
    Files.write(
        config,
        List.of(
            "current-context: rehearsal",
            "contexts:",
            "  rehearsal:",
            "    endpoints: [\"127.0.0.1:" + server.getPort() + "\"]",
            "    certificate: certificate.pem",
            "    key: key.pem",
            "    authority: certificate.pem"));
    Environment environment = Main.system();
    int exitCode = 0;
    for (String format : List.of("table", "json")) {
      exitCode =
          Math.max(
              exitCode,
              Understudy.commandLine(environment)
                  .execute("status", "--config", config.toString(), "-o", format));
    }
    server.shutdownNow();
    return exitCode;
  }

  private void writeCredentials(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(folder.resolve(NAME + ".p12"))) {
      store.load(file, NAME.toCharArray());
    }
    write(certificate, "CERTIFICATE", store.getCertificate(NAME).getEncoded());
    write(key, "PRIVATE KEY", store.getKey(NAME, NAME.toCharArray()).getEncoded());
  }

  private static void write(Path file, String what, byte[] encoded) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Files.writeString(
        file,
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n",
        StandardCharsets.US_ASCII);
  }

  /** The cluster that is shown. */
  private static final class Stage extends ControlPlaneGrpc.ControlPlaneImplBase {
    @Override
    public void getCluster(GetClusterRequest request, StreamObserver<Cluster> observer) {
      Cell cell =
          Cell.newBuilder()
              .setNode(NAME)
              .setLeader(true)
              .setPhase(Phase.PHASE_SERVING)
              .setGateOpen(true)
              .setSession(BrokerageSession.BROKERAGE_SESSION_ESTABLISHED)
              .build();
      observer.onNext(
          Cluster.newBuilder()
              .setName(NAME)
              .setAnsweredBy(NAME)
              .addNodes(Node.newBuilder().setId(NAME).setRegistered(true))
              .addGateways(Gateway.newBuilder().setId(NAME).setLeader(NAME).addCells(cell))
              .build());
      observer.onCompleted();
    }
  }
}
