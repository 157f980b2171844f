package io.understudy.node.driver.wireguard;

import java.io.IOException;

/** Shows a table of WireGuard's, of all tunnels. */
@FunctionalInterface
interface WireGuardTables {
  /**
   * What {@code wg show all TABLE} prints. Blocks for some seconds at most.
   *
   * @param table {@code allowed-ips} or {@code latest-handshakes}
   * @throws IOException when it is not shown
   */
  String shown(String table) throws IOException, InterruptedException;
}
