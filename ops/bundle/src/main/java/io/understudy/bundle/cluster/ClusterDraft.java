package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.Immutable;
import io.understudy.settings.ConfigException;
import io.understudy.settings.Document;
import io.understudy.settings.Format;

/**
 * The few things that nobody can guess, from which a first cluster file is written. What else there
 * is gets a default or is worked out: tunnel addresses count from the subnet's first one.
 *
 * @param operatorHost the one host that all operators sit at
 * @param operators names
 */
@Immutable
public record ClusterDraft(
    String name,
    Subnet subnet,
    PublicHost primary,
    ImmutableList<PublicHost> standbys,
    ImmutableList<PublicHost> witnesses,
    String operatorHost,
    ImmutableList<String> operators,
    String gateway,
    Gateway.Mode mode,
    Gateway.SecondFactor secondFactor) {
  public static final Subnet SUBNET_DEFAULT = Subnet.parse("10.77.0.0/24");
  public static final Format<Subnet> SUBNET =
      ClusterFileReader.SUBNET.within(
          "an IPv4 network with a prefix of 8 to 27 bits and nothing behind it, like 10.77.0.0/24",
          subnet -> subnet.prefixLength() <= 27);

  public static final Format<String> HOST_NAME = HostsReader.ID;
  public static final Format<String> GATEWAY_NAME = GatewayReader.NAME;

  /** A host that the others reach, as in {@code alpha=198.51.100.1}. */
  public static final Format<PublicHost> PUBLIC_HOST =
      new Format<>(
          "NAME=ADDRESS or NAME=ADDRESS:PORT, like alpha=198.51.100.1",
          new PublicHost("placeholder", HostAndPort.fromParts("localhost", 1)),
          PublicHost::parse,
          PublicHost::toString);

  /** Operators' hosts count from here, so that there is room for further voters before them. */
  private static final int OPERATORS_FROM = 10;

  /** More make an ensemble slower, not safer. */
  public static final int VOTERS_MAX = HostsReader.VOTERS_MAX;

  private static final int RELAY_LIVE = 4001;
  private static final int RELAY_PAPER = 4002;

  /** A host with the address that its WireGuard has on the public network. */
  @Immutable
  public record PublicHost(String id, HostAndPort endpoint) {
    private static PublicHost parse(String text) throws Format.Rejected {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(text);
      }
      HostAndPort endpoint =
          HostAndPort.fromString(text.substring(equals + 1)).withDefaultPort(Tunnel.PORT_DEFAULT);
      return new PublicHost(
          HostsReader.ID.parse(text.substring(0, equals)),
          HostsReader.ENDPOINT.parse(endpoint.toString()));
    }

    @Override
    public String toString() {
      return id + "=" + endpoint;
    }
  }

  /** The draft as a file; a good one, unless {@link #check} says otherwise. */
  public String text() {
    StringBuilder text =
        new StringBuilder(
            """
            # A cluster of Understudy. `understudy cluster check` says what is wrong with this file,
            # `understudy cluster render` makes of it what each host needs. No secret stands here.

            cluster: %s

            tunnel:
              subnet: %s

            hosts:
            """
                .formatted(name, subnet));
    int next = 1;
    text.append(line(primary, HostRole.PRIMARY, next++));
    for (PublicHost standby : standbys) {
      text.append(line(standby, HostRole.STANDBY, next++));
    }
    for (PublicHost witness : witnesses) {
      text.append(line(witness, HostRole.WITNESS, next++));
    }
    text.append(
        "  %s: {role: operator, address: %s}\n"
            .formatted(operatorHost, subnet.address(Math.max(next, OPERATORS_FROM))));
    text.append(
        """

        gateways:
          %s:
            mode: %s
            relay-port: %d
            second-factor: %s

        operators:
        """
            .formatted(
                gateway,
                Format.printConstant(mode),
                mode == Gateway.Mode.PAPER ? RELAY_PAPER : RELAY_LIVE,
                Format.printConstant(secondFactor)));
    operators.forEach(operator ->
        text.append("  %s: {role: operator, host: %s}\n".formatted(operator, operatorHost)));
    return text.toString();
  }

  private String line(PublicHost host, HostRole role, int number) {
    return "  %s: {role: %s, endpoint: \"%s\", address: %s}\n"
        .formatted(host.id(), Format.printConstant(role), host.endpoint(), subnet.address(number));
  }

  /**
   * Reads the text as the file will be read.
   *
   * @param file how the file is named in the message
   * @throws ConfigException with every problem at once
   */
  public ClusterFile check(String file) throws ConfigException {
    return ClusterFileReader.read(file, new Document(text()));
  }

  /** Whether a user's name is also good for an operator. */
  public static boolean mayBeOperator(String user) {
    try {
      return user.equals(Format.NAME.parse(user));
    } catch (Format.Rejected e) {
      return false;
    }
  }
}
