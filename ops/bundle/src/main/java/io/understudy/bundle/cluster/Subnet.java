package io.understudy.bundle.cluster;

import com.google.common.net.InetAddresses;
import com.google.errorprone.annotations.Immutable;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * An IPv4 network.
 *
 * @param network its first address, as a number
 * @param prefixLength 8 to 30
 */
@Immutable
public record Subnet(int network, int prefixLength) {
  public Subnet {
    if (prefixLength < 8 || prefixLength > 30) {
      throw new IllegalArgumentException(prefixLength + " (expected: a prefix of 8 to 30 bits)");
    }
    if ((network & ~mask(prefixLength)) != 0) {
      throw new IllegalArgumentException("bits are set behind the prefix of the network");
    }
  }

  /**
   * Reads {@code 10.77.0.0/24}.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(text);
    }
    return new Subnet(
        number(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /** Whether the address is a host's within this network: not its first and not its last one. */
  public boolean hasHost(String address) {
    int number = number(address);
    int hostBits = number & ~mask(prefixLength);
    return (number & mask(prefixLength)) == network
        && hostBits != 0
        && hostBits != ~mask(prefixLength);
  }

  /**
   * The host's address with that number, from 1.
   *
   * @throws IllegalArgumentException when the network has no room for it
   */
  public String address(int number) {
    String address = InetAddresses.fromInteger(network + number).getHostAddress();
    if (number < 1 || !hasHost(address)) {
      throw new IllegalArgumentException(this + " has no host with number " + number);
    }
    return address;
  }

  @Override
  public String toString() {
    return InetAddresses.fromInteger(network).getHostAddress() + "/" + prefixLength;
  }

  private static int mask(int prefixLength) {
    return -1 << (32 - prefixLength);
  }

  private static int number(String address) {
    InetAddress parsed = InetAddresses.forString(address);
    if (!(parsed instanceof Inet4Address)) {
      throw new IllegalArgumentException(address);
    }
    return InetAddresses.coerceToInteger(parsed);
  }
}
