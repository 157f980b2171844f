package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;
import java.net.URI;
import java.util.Optional;

/**
 * Where alerts go. With any channel the nodes run Prometheus and Alertmanager. Tokens and passwords
 * are entered on the hosts and never stand here.
 *
 * @param webhook takes every alert but the dead-man's switch
 * @param heartbeat takes the dead-man's switch alone: an address that calls a person when nothing
 *     comes any more
 */
@Immutable
@SuppressWarnings("Immutable") // URI is immutable.
public record Alerts(
    Optional<Telegram> telegram,
    Optional<Email> email,
    Optional<URI> webhook,
    Optional<URI> heartbeat,
    MonitoringPorts ports) {
  public static final Alerts NONE =
      new Alerts(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          MonitoringPorts.DEFAULT);

  /** Whether anybody is told of anything. */
  public boolean wanted() {
    return telegram.isPresent()
        || email.isPresent()
        || webhook.isPresent()
        || heartbeat.isPresent();
  }

  /**
   * A chat of Telegram's; the bot's token is a secret of the nodes.
   *
   * @param chatId negative for a group
   */
  @Immutable
  public record Telegram(long chatId) {}

  /**
   * Mail through a smart host; its password is a secret of the nodes.
   *
   * @param smartHost {@code host:port}
   */
  @Immutable
  public record Email(String to, String from, String smartHost, Optional<String> username) {}

  /**
   * Where the nodes' monitoring listens, on their tunnel addresses. Not the programs' own ports, so
   * that others of their kind may run beside them.
   *
   * @param gossip of the Alertmanagers among each other, TCP and UDP
   */
  @Immutable
  public record MonitoringPorts(int prometheus, int alertmanager, int gossip) {
    public static final MonitoringPorts DEFAULT = new MonitoringPorts(7490, 7493, 7494);
  }
}
