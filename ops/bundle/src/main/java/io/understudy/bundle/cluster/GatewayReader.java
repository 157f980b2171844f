package io.understudy.bundle.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.bundle.cluster.Gateway.ClientPortal;
import io.understudy.bundle.cluster.Gateway.Positions;
import io.understudy.bundle.cluster.Gateway.Window;
import io.understudy.settings.Format;
import io.understudy.settings.Section;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/** Binds the section of one gateway. */
record GatewayReader(PortPlan ports) {
  /** Files with a gateway's secrets are named after it. */
  static final Format<String> NAME =
      Format.NAME.within(
          Format.NAME.expected()
              + " and not ending with -positions, because the files with its secrets would be"
              + " named like another gateway's",
          name -> !name.endsWith("-positions"));

  private static final Format<String> ABSOLUTE_PATH =
      Format.text("an absolute path on the nodes, without blanks or quotes", "/[^\\s\"'\\\\]+");
  private static final Format<String> ONE_LINE = Format.text("a text on one line", "\\P{Cc}+");
  private static final Format<String> JDBC_URL =
      Format.postgresqlUrl("none; install.sh asks for them on the nodes");
  private static final Format<Duration> PRE_SUBMIT_DELAY =
      Format.durationWithin(Duration.ZERO, Duration.ofSeconds(30));

  /** The windows that the daemon knows by heart. */
  enum MaintenanceRegion {
    NONE,
    NORTH_AMERICA,
    EUROPE,
    ASIA_PACIFIC
  }

  /** What shows IBKR's login page. */
  enum Browser {
    CHROMIUM,
    HTMLUNIT
  }

  /** Where expected positions come from. */
  enum Source {
    NONE,
    JSON_FILE,
    CSV_FILE,
    POSTGRESQL
  }

  Gateway read(String name, Section section) {
    Secrets.refuse(section, "username", "password", "totp", "secret", "account");
    return new Gateway(
        name,
        section.optional(
            "driver", Format.oneOf(Gateway.Driver.class), Gateway.Driver.CLIENT_PORTAL),
        section.required("mode", Format.oneOf(Gateway.Mode.class)),
        relayPort(section),
        programPort(section),
        section.required("second-factor", Format.oneOf(Gateway.SecondFactor.class)),
        section.optional(
            "competing-session",
            Format.oneOf(Gateway.SessionPolicy.class),
            Gateway.SessionPolicy.RETAKE),
        Format.printConstant(
            section.optional(
                "maintenance-region",
                Format.oneOf(MaintenanceRegion.class),
                MaintenanceRegion.NONE)),
        section.sections("maintenance").stream()
            .map(GatewayReader::window)
            .collect(ImmutableList.toImmutableList()),
        drill(section.section("drill")),
        positions(section.section("positions")),
        clientPortal(section.section("client-portal")));
  }

  private int relayPort(Section section) {
    int port = section.required("relay-port", ClusterFileReader.PORT);
    ports.claim(section, "relay-port", port);
    return port;
  }

  private int programPort(Section section) {
    int port =
        section.optional("program-port", ClusterFileReader.PORT, Gateway.PROGRAM_PORT_DEFAULT);
    ports.claim(section, "program-port", port);
    return port;
  }

  private static Gateway.Drill drill(Section section) {
    Gateway.Drill standard = Gateway.Drill.DEFAULT;
    Duration rto =
        section.optional(
            "rto",
            Format.durationWithin(Duration.ofSeconds(1), Gateway.Drill.TIMEOUT_MAX),
            standard.rto());
    Duration timeout =
        section.optional(
            "timeout",
            Format.durationWithin(Gateway.Drill.TIMEOUT_MIN, Gateway.Drill.TIMEOUT_MAX),
            standard.timeout());
    if (section.sound("rto", "timeout") && rto.compareTo(timeout) > 0) {
      section.reject(
          "rto",
          "%s (expected: no longer than timeout, %s)"
              .formatted(Format.printDuration(rto), Format.printDuration(timeout)));
    }
    return new Gateway.Drill(
        rto,
        timeout,
        section.sections("market-hours").stream()
            .map(GatewayReader::window)
            .collect(ImmutableList.toImmutableList()));
  }

  private static Window window(Section section) {
    ImmutableList<DayOfWeek> days = section.list("days", Format.DAY, ImmutableList.of());
    LocalTime from = section.required("from", Format.TIME);
    LocalTime to = section.required("to", Format.TIME);
    ZoneId zone = section.required("zone", Format.ZONE);
    if (section.sound("days") && days.isEmpty()) {
      section.missing("days", "a list like [Sun, Mon]");
    }
    if (section.sound("from", "to") && from.equals(to)) {
      section.reject("to", to + " (expected: another time than from)");
    }
    return new Window(
        days.stream().map(Format.DAY::print).collect(ImmutableList.toImmutableList()),
        Format.TIME.print(from),
        Format.TIME.print(to),
        zone.getId());
  }

  private static Positions positions(Section section) {
    Source source = section.optional("source", Format.oneOf(Source.class), Source.NONE);
    if (!section.sound("source")) {
      section.tolerate("path", "url", "query");
      return new Positions("none", ImmutableMap.of());
    }
    Secrets.refuse(section, "user", "password", "user-file", "password-file");
    String because = "with source " + Format.printConstant(source);
    switch (source) {
      case NONE -> section.unused(because, "path", "url", "query");
      case JSON_FILE, CSV_FILE -> section.unused(because, "url", "query");
      case POSTGRESQL -> section.unused(because, "path");
    }
    ImmutableMap<String, String> settings =
        switch (source) {
          case NONE -> ImmutableMap.of();
          case JSON_FILE, CSV_FILE ->
              ImmutableMap.of("path", section.required("path", ABSOLUTE_PATH));
          case POSTGRESQL ->
              ImmutableMap.of(
                  "url", section.required("url", JDBC_URL),
                  "query", section.required("query", ONE_LINE));
        };
    return new Positions(Format.printConstant(source), settings);
  }

  private static ClientPortal clientPortal(Section section) {
    return new ClientPortal(
        section.optional("program", ABSOLUTE_PATH, ClientPortal.PROGRAM_DEFAULT),
        section.optional("upstream", Format.HTTP_URI).map(URI::toString),
        Format.printConstant(
            section.optional("browser", Format.oneOf(Browser.class), Browser.CHROMIUM)),
        section.optional("pre-submit-delay", PRE_SUBMIT_DELAY).map(Format::printDuration));
  }
}
