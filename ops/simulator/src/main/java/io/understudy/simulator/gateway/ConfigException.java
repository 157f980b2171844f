package io.understudy.simulator.gateway;

/** The configuration cannot be used; the message names the key. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }
}
