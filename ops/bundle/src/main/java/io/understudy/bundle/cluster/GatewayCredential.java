package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import java.util.Locale;

/**
 * A secret of a gateway. It is in no bundle: {@code install.sh} asks for it and keeps it in a file
 * that root alone can read, and systemd hands it to the daemon when it starts it.
 */
public enum GatewayCredential {
  USERNAME,
  PASSWORD,
  TOTP,
  POSITIONS_USER,
  POSITIONS_PASSWORD;

  private static final String STORED = "/etc/understudy/credentials/";
  private static final String HANDED_OVER = "/run/credentials/understudyd.service/";

  /** Those that the gateway needs. */
  public static ImmutableList<GatewayCredential> of(Gateway gateway) {
    ImmutableList.Builder<GatewayCredential> needed = ImmutableList.builder();
    needed.add(USERNAME, PASSWORD);
    if (gateway.secondFactor() == Gateway.SecondFactor.TOTP) {
      needed.add(TOTP);
    }
    if (gateway.positions().source().equals("postgresql")) {
      needed.add(POSITIONS_USER, POSITIONS_PASSWORD);
    }
    return needed.build();
  }

  /** Its name towards systemd, and that of its file: {@code live-totp}. */
  public String nameFor(Gateway gateway) {
    return gateway.name() + "-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Where {@code install.sh} puts it. */
  public String storedAt(Gateway gateway) {
    return STORED + nameFor(gateway);
  }

  /** Where the daemon reads it. */
  public String readAt(Gateway gateway) {
    return HANDED_OVER + nameFor(gateway);
  }
}
