package io.understudy.node.driver.zookeeper;

import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.ClientCnxnSocketNetty;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS settings of one client; never system properties, which would hold for the whole process.
 *
 * <p>ZooKeeper's client reads its PEM files anew at each connection, key and certificate from one
 * file. It is given private copies without a name of the material in effect, never the files
 * themselves, which may be in the midst of being replaced when the client reconnects. The copies of
 * the former material are kept, for a client that is about to open them.
 */
final class ClientSecurity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSecurity.class);
  private static final int GENERATIONS_MAX = 2;

  private final ZKClientConfig config;
  private final Deque<Copies> generations = new ArrayDeque<>();
  private boolean closed;

  private ClientSecurity(ZKClientConfig config) {
    this.config = config;
  }

  static ClientSecurity of(Optional<Reloaded<TlsMaterial>> tls) throws DriverException {
    if (tls.isEmpty()) {
      ZKClientConfig plain = new ZKClientConfig();
      plain.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
      plain.setProperty(ZKClientConfig.SECURE_CLIENT, "false");
      return new ClientSecurity(plain);
    }
    SecureConfig secure = new SecureConfig();
    ClientSecurity security = new ClientSecurity(secure);
    tls.get().follow(material -> security.use(material, secure));
    return security;
  }

  ZKClientConfig config() {
    return config;
  }

  private synchronized void use(TlsMaterial material, SecureConfig secure) throws DriverException {
    if (closed) {
      return;
    }
    Copies copies = Copies.of(material);
    generations.addLast(copies);
    secure.latest = Optional.of(copies);
    if (generations.size() > GENERATIONS_MAX) {
      generations.removeFirst().close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    generations.forEach(Copies::close);
    generations.clear();
  }

  /** The material as the two PEM files that ZooKeeper's client wants. */
  private record Copies(NamelessFile identity, NamelessFile authorities) implements AutoCloseable {
    static Copies of(TlsMaterial material) throws DriverException {
      try {
        NamelessFile identity =
            NamelessFile.holding(
                pem("PRIVATE KEY", material.key().getEncoded()) + pem(material.chain()));
        try {
          return new Copies(identity, NamelessFile.holding(pem(material.authorities())));
        } catch (IOException e) {
          identity.close();
          throw e;
        }
      } catch (IOException | CertificateEncodingException e) {
        throw DriverException.permanentError(
            "Cannot put the "
                + material
                + " and its key together for ZooKeeper: check that the temporary directory can be"
                + " written",
            e);
      }
    }

    private static String pem(List<X509Certificate> certificates)
        throws CertificateEncodingException {
      StringBuilder text = new StringBuilder();
      for (X509Certificate certificate : certificates) {
        text.append(pem("CERTIFICATE", certificate.getEncoded()));
      }
      return text.toString();
    }

    private static String pem(String type, byte[] bytes) {
      return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
          .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type);
    }

    @Override
    public void close() {
      try (authorities) {
        identity.close();
      } catch (IOException e) {
        LOG.warn("Could not close the copy of the key", e);
      }
    }
  }

  /** Answers with the latest copies; the client asks at each connection. */
  private static final class SecureConfig extends ZKClientConfig {
    private final String keyStore;
    private final String trustStore;
    private volatile Optional<Copies> latest = Optional.empty();

    SecureConfig() {
      setProperty(ENABLE_CLIENT_SASL_KEY, "false");
      setProperty(SECURE_CLIENT, "true");
      setProperty(ZOOKEEPER_CLIENT_CNXN_SOCKET, ClientCnxnSocketNetty.class.getName());
      try (ClientX509Util names = new ClientX509Util()) {
        keyStore = names.getSslKeystoreLocationProperty();
        trustStore = names.getSslTruststoreLocationProperty();
        setProperty(names.getSslKeystoreTypeProperty(), "PEM");
        setProperty(names.getSslTruststoreTypeProperty(), "PEM");
      }
    }

    @Override
    public @Nullable String getProperty(String key) {
      return copy(key).orElseGet(() -> super.getProperty(key));
    }

    @Override
    public @Nullable String getProperty(String key, @Nullable String otherwise) {
      return copy(key).orElseGet(() -> super.getProperty(key, otherwise));
    }

    private Optional<String> copy(String key) {
      if (key.equals(keyStore)) {
        return latest.map(copies -> copies.identity().path().toString());
      }
      return key.equals(trustStore)
          ? latest.map(copies -> copies.authorities().path().toString())
          : Optional.empty();
    }
  }
}
