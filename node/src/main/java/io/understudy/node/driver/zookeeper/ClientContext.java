package io.understudy.node.driver.zookeeper;

import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The client's end of mutual TLS from material in memory. */
final class ClientContext {
  private ClientContext() {}

  static SSLContext of(TlsMaterial material) throws DriverException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(identity(material), new char[0]);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities(material));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw DriverException.permanentError(
          "Coordination servers cannot be asked with the "
              + material
              + ": issue one with an EC or RSA key",
          e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static KeyStore identity(TlsMaterial material)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(
        "own", material.key(), new char[0], material.chain().toArray(new X509Certificate[0]));
    return store;
  }

  private static KeyStore authorities(TlsMaterial material)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    for (int i = 0; i < material.authorities().size(); i++) {
      store.setCertificateEntry("authority-" + i, material.authorities().get(i));
    }
    return store;
  }
}
