package io.understudy.node.driver.zookeeper;

import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
 * they are two files, a private copy of both is kept until {@link #close}.
 */
final class ClientSecurity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSecurity.class);

  private final ZKClientConfig config;
  private final Optional<Path> ownCopy;

  private ClientSecurity(ZKClientConfig config, Optional<Path> ownCopy) {
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
    Optional<Path> ownCopy =
        files.certificate().equals(files.key()) ? Optional.empty() : Optional.of(combined(files));
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, ClientCnxnSocketNetty.class.getName());
    try (ClientX509Util names = new ClientX509Util()) {
      config.setProperty(
          names.getSslKeystoreLocationProperty(), ownCopy.orElse(files.key()).toString());
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
    ownCopy.ifPresent(copy -> {
      try {
        Files.deleteIfExists(copy);
      } catch (IOException e) {
        LOG.warn("Could not delete the copy of the key path={}", copy, e);
      }
    });
  }

  private static void checkReadable(Path file) throws DriverException {
    if (!Files.isReadable(file)) {
      throw DriverException.permanentError(
          "Cannot read %s, which the connection to ZooKeeper needs: check that it exists and who may read it"
              .formatted(file));
    }
  }

  private static Path combined(ZooKeeperSettings.Tls files) throws DriverException {
    try {
      Path copy =
          Files.createTempFile(
              "understudy-zookeeper-",
              ".pem",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      copy.toFile().deleteOnExit();
      Files.writeString(
          copy, Files.readString(files.key()) + "\n" + Files.readString(files.certificate()));
      return copy;
    } catch (IOException e) {
      throw DriverException.permanentError(
          "Cannot read the certificate %s or the key %s that this node shows to ZooKeeper"
              .formatted(files.certificate(), files.key()),
          e);
    }
  }
}
