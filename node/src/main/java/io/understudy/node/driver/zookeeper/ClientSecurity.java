package io.understudy.node.driver.zookeeper;

import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.zookeeper.ClientCnxnSocketNetty;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS settings of one client; never system properties, which would hold for the whole process.
 *
 * <p>ZooKeeper wants key and certificate in one PEM file, and reads it at each new session. Where
 * they are two files, a private copy of both without a name is kept until {@link #close}.
 */
final class ClientSecurity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSecurity.class);

  private final ZKClientConfig config;
  private final Optional<NamelessFile> ownCopy;

  private ClientSecurity(ZKClientConfig config, Optional<NamelessFile> ownCopy) {
    this.config = config;
    this.ownCopy = ownCopy;
  }

  static ClientSecurity of(Optional<ZooKeeperSettings.Tls> tls) throws DriverException {
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
    config.setProperty(ZKClientConfig.SECURE_CLIENT, Boolean.toString(tls.isPresent()));
    if (tls.isEmpty()) {
      return new ClientSecurity(config, Optional.empty());
    }
    ZooKeeperSettings.Tls files = tls.get();
    checkReadable(files.certificate());
    checkReadable(files.key());
    checkReadable(files.authority());
    Optional<NamelessFile> ownCopy =
        files.certificate().equals(files.key()) ? Optional.empty() : Optional.of(combined(files));
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, ClientCnxnSocketNetty.class.getName());
    try (ClientX509Util names = new ClientX509Util()) {
      config.setProperty(
          names.getSslKeystoreLocationProperty(),
          ownCopy.map(NamelessFile::path).orElse(files.key()).toString());
      config.setProperty(names.getSslKeystoreTypeProperty(), "PEM");
      config.setProperty(names.getSslTruststoreLocationProperty(), files.authority().toString());
      config.setProperty(names.getSslTruststoreTypeProperty(), "PEM");
    }
    return new ClientSecurity(config, ownCopy);
  }

  ZKClientConfig config() {
    return config;
  }

  @Override
  public void close() {
    if (ownCopy.isPresent()) {
      try {
        ownCopy.get().close();
      } catch (IOException e) {
        LOG.warn("Could not close the copy of the key", e);
      }
    }
  }

  private static void checkReadable(Path file) throws DriverException {
    if (!Files.isReadable(file)) {
      throw DriverException.permanentError(
          "Cannot read %s, which the connection to ZooKeeper needs: check that it exists and who may read it"
              .formatted(file));
    }
  }

  private static NamelessFile combined(ZooKeeperSettings.Tls files) throws DriverException {
    try {
      return NamelessFile.holding(
          Files.readString(files.key()) + "\n" + Files.readString(files.certificate()));
    } catch (IOException e) {
      throw DriverException.permanentError(
          "Cannot put the certificate %s and the key %s together for ZooKeeper"
              .formatted(files.certificate(), files.key()),
          e);
    }
  }
}
