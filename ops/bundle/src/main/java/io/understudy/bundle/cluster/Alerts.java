package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;
import java.net.URI;
import java.util.Optional;

/** Where alerts go. Tokens and passwords are entered on the hosts and never stand here. */
@Immutable
@SuppressWarnings("Immutable") // URI is immutable.
public record Alerts(Optional<Telegram> telegram, Optional<Email> email, Optional<URI> webhook) {
  public static final Alerts NONE =
      new Alerts(Optional.empty(), Optional.empty(), Optional.empty());

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
}
