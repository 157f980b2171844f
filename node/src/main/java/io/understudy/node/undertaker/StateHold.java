package io.understudy.node.undertaker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The state directory's lock, which a daemon holds as long as it lives. Having it proves that none
 * lives, and keeps a new one from starting a gateway while the old ones are looked for.
 */
final class StateHold implements AutoCloseable {
  private static final Duration WAIT_MAX = Duration.ofSeconds(2);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(3).toNanos();

  private final FileChannel channel;

  private StateHold(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits a moment for a daemon that is just ending. */
  static StateHold take(Path stateDirectory, LifeRecord.Life daemon)
      throws IOException, RefusedException {
    FileChannel channel =
        FileChannel.open(
            stateDirectory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      long end = System.nanoTime() + WAIT_MAX.toNanos();
      while (!isFree(channel, daemon)) {
        if (System.nanoTime() > end) {
          throw new RefusedException(
              "understudyd still runs with the state directory "
                  + stateDirectory
                  + ": nothing is closed while it lives, stop or kill it first");
        }
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
      }
      return new StateHold(channel);
    } catch (IOException | RefusedException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isFree(FileChannel channel, LifeRecord.Life daemon) throws IOException {
    boolean lives =
        daemon.boot().equals(Processes.boot()) && Processes.acts(daemon.pid(), daemon.started());
    if (lives) {
      return false;
    }
    FileLock lock = channel.tryLock();
    return lock != null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
