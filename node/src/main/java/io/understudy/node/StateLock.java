package io.understudy.node;

import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon for each state directory. Taken before anything else is touched, because a new life
 * begins by fencing the gateway that it finds there; given back by the system when the process
 * ends, however it ends.
 */
final class StateLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateLock.class);
  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, or throws one clear sentence. */
  static StateLock take(Path stateDirectory) throws DriverException {
    Path file = stateDirectory.resolve("lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return new StateLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw DriverException.permanentError(
          file + " cannot be locked: check the directory and its file system", e);
    }
    throw DriverException.permanentError(
        "Another understudyd runs with the state directory "
            + stateDirectory
            + ": stop it first, or give this one its own");
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("Could not give back the lock of the state directory", e);
    }
  }
}
