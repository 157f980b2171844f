package io.understudy.controller.client;

import java.util.Optional;

/** Where a node answers. */
public record Endpoint(String host, int port) {
  private static final int PORT_MAX = 65535;

  /** Reads {@code host:port} or {@code [v6]:port}; empty when it is neither. */
  public static Optional<Endpoint> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      return Optional.empty();
    }
    if (host.isBlank() || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    return port == 0 || port > PORT_MAX ? Optional.empty() : Optional.of(new Endpoint(host, port));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
