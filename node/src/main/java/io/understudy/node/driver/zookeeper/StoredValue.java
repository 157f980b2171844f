package io.understudy.node.driver.zookeeper;

import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.MalformedMessageException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** The bytes of one path and what ZooKeeper says of them. */
final class StoredValue {
  private final String path;
  private final byte[] bytes;
  private final Stat stat;

  StoredValue(String path, byte @Nullable [] bytes, Stat stat) {
    this.path = path;
    this.bytes = bytes == null ? new byte[0] : bytes;
    this.stat = stat;
  }

  /** The last part of the path. */
  String name() {
    return ClusterPaths.lastPart(path);
  }

  int version() {
    return stat.getVersion();
  }

  Stat stat() {
    return stat;
  }

  /** The value that the bytes stand for; an error names the path. */
  <T> T decode(Decoder<T> decoder) throws DriverException {
    try {
      return decoder.decode(bytes);
    } catch (MalformedMessageException | IllegalArgumentException e) {
      throw DriverException.permanentError(
          "Cannot read " + path + " in ZooKeeper: " + e.getMessage(), e);
    }
  }

  /** From bytes to a value. */
  interface Decoder<T> {
    T decode(byte[] bytes) throws MalformedMessageException;
  }
}
