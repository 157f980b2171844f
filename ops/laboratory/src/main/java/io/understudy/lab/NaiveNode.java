package io.understudy.lab;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.retry.RetryOneTime;

/**
 * What a program without a lease clock does: it believes {@link LeaderLatch#hasLeadership()}, and
 * prints whenever that changes. For comparison only.
 */
final class NaiveNode {
  static final String STANDS = "stands for election";

  private static final int CONNECTION_TIMEOUT_MILLIS = 4_000;
  private static final int RETRY_MILLIS = 100;

  private NaiveNode() {}

  /** Arguments: how to connect, session timeout in milliseconds. */
  public static void main(String[] arguments) throws Exception {
    try (CuratorFramework client =
            CuratorFrameworkFactory.newClient(
                arguments[0],
                Integer.parseInt(arguments[1]),
                CONNECTION_TIMEOUT_MILLIS,
                new RetryOneTime(RETRY_MILLIS));
        LeaderLatch latch = new LeaderLatch(client, "/naive/leader")) {
      client.start();
      latch.start();
      System.out.println(STANDS);
      boolean led = false;
      while (true) {
        boolean leads = latch.hasLeadership();
        if (leads != led) {
          System.out.println(System.currentTimeMillis() + (leads ? " leads" : " rests"));
          led = leads;
        }
        Thread.sleep(1);
      }
    }
  }
}
