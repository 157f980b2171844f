package io.understudy.lab;

import com.google.common.primitives.Bytes;
import java.time.Duration;
import java.util.Arrays;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;

/**
 * Does to a record in coordination what a version of the future would do: says that it has a format
 * of its own.
 */
final class FormatMarker {
  static final int FORMAT = 7;

  /** Field 15 of each record, as {@code stored.proto} has it; protobuf takes fields at the end. */
  private static final byte[] MARK = {15 << 3, FORMAT};

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int SESSION_TIMEOUT_MILLIS = 6_000;
  private static final int CONNECTION_TIMEOUT_MILLIS = 10_000;
  private static final int RETRY_MILLIS = 500;

  private FormatMarker() {}

  enum Deed {
    MARK,
    /** Takes the mark away again. */
    UNMARK
  }

  /** Does it from the host of that node, with its certificate. */
  static void run(LabCluster cluster, LabNode node, Deed deed, String path) {
    LabProcess process =
        CoordinationProgram.start(
            cluster, node, "format-marker", FormatMarker.class, deed.name(), path);
    if (process.awaitExit(LIMIT) != 0) {
      throw new LabException(process.name() + " failed" + process.last());
    }
  }

  /** Arguments: how to connect, what to do, the path. */
  public static void main(String[] arguments) throws Exception {
    try (CuratorFramework client =
        CuratorFrameworkFactory.newClient(
            arguments[0],
            SESSION_TIMEOUT_MILLIS,
            CONNECTION_TIMEOUT_MILLIS,
            new RetryOneTime(RETRY_MILLIS))) {
      client.start();
      byte[] before = client.getData().forPath(arguments[2]);
      byte[] after =
          switch (Deed.valueOf(arguments[1])) {
            case MARK -> Bytes.concat(before, MARK);
            case UNMARK -> Arrays.copyOf(before, before.length - MARK.length);
          };
      var _ = client.setData().forPath(arguments[2], after);
    }
  }
}
