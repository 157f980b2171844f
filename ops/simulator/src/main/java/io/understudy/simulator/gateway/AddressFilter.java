package io.understudy.simulator.gateway;

import java.net.InetAddress;
import java.util.List;

/**
 * The block {@code ips}: whoever is not allowed is refused. Patterns are addresses, with {@code *}
 * at the end for any rest. What the block denies does not matter, because allow beats deny and
 * nobody else gets in.
 */
record AddressFilter(List<String> allow) {
  boolean allows(InetAddress address) {
    String text = address.getHostAddress();
    return allow.stream()
        .anyMatch(pattern ->
            pattern.endsWith("*")
                ? text.startsWith(pattern.substring(0, pattern.length() - 1))
                : text.equals(pattern));
  }
}
