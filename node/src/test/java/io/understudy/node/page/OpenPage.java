package io.understudy.node.page;

import com.google.common.collect.ImmutableSet;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A status page on loopback, its authority, and clients of it. */
final class OpenPage implements AutoCloseable {
  static final String TOKEN = "a-token-of-viewers-that-is-long";

  final TestAuthority authority;
  final AtomicReference<Optional<Secret>> token =
      new AtomicReference<>(Optional.of(Secret.of(TOKEN)));
  final AtomicReference<ImmutableSet<BigInteger>> revoked =
      new AtomicReference<>(ImmutableSet.of());
  final PemFiles own;
  private final PageServer server;

  OpenPage(Path folder, NodeControl control) throws DriverException {
    authority = new TestAuthority(folder, "page-authority");
    own = authority.issue("a", "node");
    server =
        PageServer.start(
            new PageServer.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                own.material(),
                revoked::get,
                token::get),
            control);
  }

  InetSocketAddress address() {
    return server.address();
  }

  URI at(String path) {
    return URI.create("https://127.0.0.1:" + server.address().getPort() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(at(path)).timeout(Duration.ofSeconds(20));
  }

  HttpRequest.Builder withToken(String path, String offered) {
    return request(path).header("Authorization", "Bearer " + offered);
  }

  /** A client without a certificate. */
  HttpClient stranger() {
    return client(context(Optional.empty()));
  }

  /** A client that shows this certificate. */
  HttpClient client(PemFiles certificate) {
    return client(context(Optional.of(certificate)));
  }

  /** The same, which comes from that address. */
  HttpClient client(PemFiles certificate, String from) throws UnknownHostException {
    return builder(context(Optional.of(certificate)))
        .localAddress(InetAddress.getByName(from))
        .build();
  }

  private static HttpClient client(SSLContext context) {
    return builder(context).build();
  }

  private static HttpClient.Builder builder(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1);
  }

  SSLContext context(Optional<PemFiles> shown) {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry("authority", own.material().current().authorities().getFirst());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          shown.isPresent() ? keys(shown.get().material().current()) : new KeyManager[0],
          trust.getTrustManagers(),
          new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException | DriverException e) {
      throw new IllegalStateException("no TLS for the test", e);
    }
  }

  private static KeyManager[] keys(TlsMaterial material)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(
        "own", material.key(), new char[0], material.chain().toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    return store;
  }

  @Override
  public void close() {
    server.close();
  }
}
