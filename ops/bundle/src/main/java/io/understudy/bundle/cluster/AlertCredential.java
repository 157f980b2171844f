package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import java.util.Locale;

/**
 * A secret of a channel for alerts. Like those of gateways it is in no bundle: {@code install.sh}
 * asks for it, and systemd hands it to Alertmanager when it starts it.
 */
public enum AlertCredential {
  TELEGRAM_TOKEN,
  SMTP_PASSWORD;

  /** Those that the channels need. */
  public static ImmutableList<AlertCredential> of(Alerts alerts) {
    ImmutableList.Builder<AlertCredential> needed = ImmutableList.builder();
    if (alerts.telegram().isPresent()) {
      needed.add(TELEGRAM_TOKEN);
    }
    if (alerts.email().flatMap(Alerts.Email::username).isPresent()) {
      needed.add(SMTP_PASSWORD);
    }
    return needed.build();
  }

  /** Its name towards systemd, and that of its file: {@code alerts-telegram-token}. */
  public String credential() {
    return "alerts-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Where {@code install.sh} puts it. */
  public String storedAt() {
    return "/etc/understudy/credentials/" + credential();
  }
}
