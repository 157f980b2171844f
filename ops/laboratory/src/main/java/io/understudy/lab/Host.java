package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

/**
 * A machine of the lab.
 *
 * @param address where its programs listen
 * @param coordinationAddress where its ZooKeeper server listens; another one than {@code address}
 *     where the network must be able to cut only one of them
 * @param prefix what a command begins with to run on that machine; it replaces itself by the
 *     command, so that the pid is the command's own
 */
record Host(String name, String address, String coordinationAddress, ImmutableList<String> prefix) {
  private static final String LOOPBACK = "127.0.0.1";

  /** This machine, under the name given. */
  static Host loopback(String name) {
    return new Host(name, LOOPBACK, LOOPBACK, ImmutableList.of());
  }

  /** A machine that is only called at that address. */
  static Host at(String address) {
    return new Host(address, address, address, ImmutableList.of());
  }

  ImmutableList<String> command(ImmutableList<String> command) {
    return ImmutableList.<String>builder().addAll(prefix).addAll(command).build();
  }

  /** Under which its certificates hold. */
  ImmutableSet<String> addresses() {
    return ImmutableSet.of(LOOPBACK, address, coordinationAddress);
  }
}
