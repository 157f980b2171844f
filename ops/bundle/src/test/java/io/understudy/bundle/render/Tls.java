package io.understudy.bundle.render;

import io.understudy.bundle.authority.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client that shows a certificate, or none. */
final class Tls {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final char[] PASSWORD = "within".toCharArray();

  private final SSLContext context;

  Tls(String authority, Optional<Identity> own) {
    try {
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry("authority", certificate(authority));
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      KeyStore keys = emptyStore();
      if (own.isPresent()) {
        keys.setKeyEntry(
            "own",
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(body(own.get()))),
            PASSWORD,
            new Certificate[] {certificate(own.get().certificate())});
      }
      KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
      manager.init(keys, PASSWORD);
      context = SSLContext.getInstance("TLS");
      context.init(manager.getKeyManagers(), trust.getTrustManagers(), null);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the server at that address answers; empty when it refuses or is not there. */
  String ask(String address, int port, String question) {
    try (SSLSocket socket = connect(address, port)) {
      socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  /** The serial number of the certificate that the server shows, in hexadecimal. */
  String serialAt(String address, int port) {
    try (SSLSocket socket = connect(address, port)) {
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSerialNumber().toString(16);
    } catch (IOException _) {
      return "";
    }
  }

  private SSLSocket connect(String address, int port) throws IOException {
    Socket plain = new Socket();
    plain.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
    plain.setSoTimeout(TIMEOUT_MILLIS);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, address, port, true);
    socket.startHandshake();
    return socket;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    return store;
  }

  private static Certificate certificate(String pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] body(Identity identity) {
    String base64 = identity.key().replaceAll("-----[A-Z ]+-----", "");
    return Base64.getMimeDecoder().decode(base64);
  }
}
