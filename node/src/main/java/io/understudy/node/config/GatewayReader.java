package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.HostAndPort;
import io.understudy.node.config.ClientPortalConfig.Browser;
import io.understudy.node.config.ClientPortalConfig.Engine;
import io.understudy.node.config.GatewayConfig.HoldDown;
import io.understudy.node.config.GatewayConfig.LoginBudget;
import io.understudy.node.config.GatewayConfig.Relay;
import io.understudy.node.config.GatewayConfig.Timings;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.failover.CellSettings.CompetingPolicy;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.settings.Format;
import io.understudy.settings.Section;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Binds the sections of each gateway. */
final class GatewayReader {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Format<Duration> STEP =
      Format.durationWithin(Duration.ofMillis(100), Duration.ofMinutes(10));
  private static final Format<Duration> WITHIN_LEAD =
      Format.durationWithin(Duration.ofMillis(50), Duration.ofSeconds(30));

  private final FileFormats files;
  private final Listeners listeners;
  private final LeaseTimings lease;
  private final Map<Section, Path> usernameFiles = new LinkedHashMap<>();

  GatewayReader(FileFormats files, Listeners listeners, LeaseTimings lease) {
    this.files = files;
    this.listeners = listeners;
    this.lease = lease;
  }

  GatewayConfig read(GatewayId id, Section section) {
    GatewayConfig.Driver driver =
        section.required("driver", Format.oneOf(GatewayConfig.Driver.class));
    GatewayConfig.Mode mode = section.required("mode", Format.oneOf(GatewayConfig.Mode.class));
    Path usernameFile = section.required("username-file", files.secret());
    if (section.sound("username-file")) {
      usernameFiles.put(section, usernameFile);
    }
    Path passwordFile = section.required("password-file", files.secret());
    SecondFactorConfig secondFactor = secondFactor(section.section("second-factor"));
    CompetingPolicy competingSession =
        section.optional(
            "competing-session", Format.oneOf(CompetingPolicy.class), CompetingPolicy.RETAKE);
    boolean warmStandby = section.optional("warm-standby", Format.TRUTH, true);
    ClientPortalConfig clientPortal = clientPortal(section.section("client-portal"));
    return new GatewayConfig(
        id,
        driver,
        mode,
        usernameFile,
        passwordFile,
        secondFactor,
        competingSession,
        warmStandby,
        relay(section.section("relay")),
        timings(section.section("timings"), secondFactor, clientPortal),
        loginBudget(section.section("login-budget")),
        holdDown(section.section("hold-down")),
        maintenance(section),
        drill(section.section("drill")),
        clientPortal,
        new PositionsReader(files).read(section.section("positions")));
  }

  /** One username has one login ledger, so it may stand behind one gateway only. */
  void reportSharedUsernames() {
    Map<String, Section> seen = new LinkedHashMap<>();
    usernameFiles.forEach((section, file) -> {
      Section before = seen.putIfAbsent(username(file), section);
      if (before != null) {
        section.reject(
            "username-file",
            file
                + ": the same user as "
                + before.path("username-file")
                + " (expected: a username of its own for each gateway)");
      }
    });
  }

  private static String username(Path file) {
    try {
      return SecretFile.checkedText(file);
    } catch (Format.Rejected e) {
      return file.toString();
    }
  }

  private SecondFactorConfig secondFactor(Section section) {
    SecondFactorKind kind = section.required("kind", Format.oneOf(SecondFactorKind.class));
    Optional<Path> secretFile = Optional.empty();
    if (kind == SecondFactorKind.TOTP && section.sound("kind")) {
      secretFile = Optional.of(section.required("secret-file", files.secret()));
    } else if (section.sound("kind")) {
      section.unused("with kind " + Format.printConstant(kind), "secret-file");
    } else {
      section.tolerate("secret-file");
    }
    return new SecondFactorConfig(
        secretFile.isPresent() || kind != SecondFactorKind.TOTP ? kind : SecondFactorKind.NONE,
        secretFile,
        section.optional("push-timeout", STEP, SecondFactorConfig.WAIT_DEFAULT),
        section.optional("code-timeout", STEP, SecondFactorConfig.WAIT_DEFAULT));
  }

  private Relay relay(Section section) {
    HostAndPort listen = section.required("listen", Format.ADDRESS);
    listeners.add(section, "listen", listen);
    return new Relay(
        listen,
        section.optional(
            "connections-max", Format.integer(1, 1000), Relay.CONNECTIONS_MAX_DEFAULT));
  }

  private Timings timings(
      Section section, SecondFactorConfig secondFactor, ClientPortalConfig clientPortal) {
    Timings standard = Timings.within(lease.selfFenceLead());
    Duration wait = secondFactorWait(secondFactor);
    Timings timings =
        new Timings(
            section.optional("start-timeout", STEP, standard.start()),
            section.optional(
                "login-timeout",
                STEP,
                longer(standard.login(), wait.plus(SECOND.multipliedBy(60)))),
            section.optional("verify-timeout", STEP, standard.verify()),
            section.optional("logout-timeout", STEP, standard.logout()),
            section.optional("fence-timeout", WITHIN_LEAD, standard.fence()),
            section.optional("kill-grace", WITHIN_LEAD, standard.killGrace()),
            section.optional(
                "probe-interval",
                Format.durationWithin(Duration.ofMillis(100), SECOND.multipliedBy(60)),
                standard.probeInterval()));
    checkFencing(section, timings);
    checkLogin(section, timings, wait, clientPortal);
    return timings;
  }

  /** Whatever makes the gateway harmless must be over before the lease is. */
  private void checkFencing(Section section, Timings timings) {
    Duration fenceMax = lease.selfFenceLead().minus(Timings.RELAY_SHUT_MAX);
    if (section.sound("fence-timeout") && timings.fence().compareTo(fenceMax) > 0) {
      section.reject(
          "fence-timeout",
          Format.printDuration(timings.fence())
              + " (expected: at most lease.self-fence-lead less "
              + Format.printDuration(Timings.RELAY_SHUT_MAX)
              + " to shut the relay, "
              + Format.printDuration(fenceMax)
              + ")");
    }
    Duration stop = shorter(timings.fence(), timings.logout());
    if (section.sound("fence-timeout", "logout-timeout", "kill-grace")
        && timings.killGrace().multipliedBy(2).compareTo(stop) > 0) {
      section.reject(
          "kill-grace",
          Format.printDuration(timings.killGrace())
              + " (expected: at most half of fence-timeout and of logout-timeout, "
              + Format.printDuration(stop.dividedBy(2))
              + ")");
    }
  }

  private static void checkLogin(
      Section section, Timings timings, Duration wait, ClientPortalConfig clientPortal) {
    Duration needed = clientPortal.pageTimeout().plus(clientPortal.preSubmitDelay()).plus(wait);
    if (section.sound("login-timeout") && timings.login().compareTo(needed) < 0) {
      section.reject(
          "login-timeout",
          Format.printDuration(timings.login())
              + " (expected: at least client-portal.page-timeout + pre-submit-delay + the wait for"
              + " the second factor, "
              + Format.printDuration(needed)
              + ")");
    }
  }

  private static Duration secondFactorWait(SecondFactorConfig secondFactor) {
    return switch (secondFactor.kind()) {
      case TOTP -> SECOND.multipliedBy(30);
      case PUSH -> secondFactor.pushTimeout();
      case OPERATOR -> secondFactor.codeTimeout();
      case NONE -> Duration.ZERO;
    };
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static LoginBudget loginBudget(Section section) {
    return new LoginBudget(
        section.optional("failures-max", Format.integer(1, 5), LoginBudget.DEFAULT.failuresMax()),
        section.optional(
            "backoff",
            Format.durationWithin(SECOND, Duration.ofHours(1)),
            LoginBudget.DEFAULT.backoff()),
        section.optional(
            "clock-skew-max",
            Format.durationWithin(SECOND, SECOND.multipliedBy(25)),
            LoginBudget.DEFAULT.clockSkewMax()));
  }

  private static HoldDown holdDown(Section section) {
    return new HoldDown(
        section.optional(
            "cedes-max-per-hour", Format.integer(0, 60), HoldDown.DEFAULT.cedesMaxPerHour()));
  }

  private static ImmutableList<MaintenanceWindow> maintenance(Section section) {
    ImmutableList.Builder<MaintenanceWindow> windows = ImmutableList.builder();
    windows.addAll(
        section
            .optional(
                "maintenance-region", Format.oneOf(MaintenanceRegion.class), MaintenanceRegion.NONE)
            .windows());
    section.sections("maintenance").forEach(window -> window(window).ifPresent(windows::add));
    return windows.build();
  }

  private static DrillSettings drill(Section section) {
    DrillSettings standard = DrillSettings.DEFAULT;
    Duration rto =
        section.optional(
            "rto", Format.durationWithin(SECOND, DrillSettings.TIMEOUT_MAX), standard.rto());
    Duration timeout =
        section.optional(
            "timeout",
            Format.durationWithin(DrillSettings.TIMEOUT_MIN, DrillSettings.TIMEOUT_MAX),
            standard.timeout());
    if (section.sound("rto", "timeout") && rto.compareTo(timeout) > 0) {
      section.reject(
          "timeout",
          Format.printDuration(timeout)
              + " (expected: at least rto, "
              + Format.printDuration(rto)
              + ")");
    }
    ImmutableList.Builder<MaintenanceWindow> hours = ImmutableList.builder();
    section.sections("market-hours").forEach(window -> window(window).ifPresent(hours::add));
    return new DrillSettings(rto, timeout, hours.build(), false, false);
  }

  private static Optional<MaintenanceWindow> window(Section section) {
    ImmutableList<DayOfWeek> days = section.list("days", Format.DAY, ImmutableList.of());
    LocalTime from = section.required("from", Format.TIME);
    LocalTime to = section.required("to", Format.TIME);
    ZoneId zone = section.required("zone", Format.ZONE);
    if (section.sound("days") && days.isEmpty()) {
      section.reject("days", "missing (expected: a list like [Sun, Mon])");
    }
    if (section.sound("from", "to") && from.equals(to)) {
      section.reject("to", to + " (expected: another time than from)");
    }
    return section.sound("days", "from", "to", "zone")
        ? Optional.of(new MaintenanceWindow(ImmutableSet.copyOf(days), from, to, zone))
        : Optional.empty();
  }

  private ClientPortalConfig clientPortal(Section section) {
    Path program = section.required("program", files.directory());
    Path java =
        section.optional(
            "java",
            files.executable(),
            Path.of(System.getProperty("java.home", "/usr"), "bin", "java"));
    ImmutableList<String> javaOptions =
        section.list("java-options", Format.TEXT, ImmutableList.of("-Xmx128m"));
    int listenPort = section.optional("listen-port", Format.integer(1, 65535), 5000);
    listeners.add(section, "listen-port", HostAndPort.fromParts("0.0.0.0", listenPort));
    return new ClientPortalConfig(
        program,
        java,
        javaOptions,
        listenPort,
        section.optional("upstream", Format.HTTP_URI, URI.create("https://api.ibkr.com")),
        browser(section.section("browser")),
        section.optional(
            "pre-submit-delay",
            Format.durationWithin(Duration.ZERO, SECOND.multipliedBy(30)),
            SECOND.multipliedBy(5)),
        section.optional("page-timeout", STEP, SECOND.multipliedBy(15)),
        section.optional("call-timeout", STEP, SECOND.multipliedBy(5)),
        section.optional("upstream-timeout", STEP, SECOND.multipliedBy(10)),
        section.optional(
            "orders-pause",
            Format.durationWithin(Duration.ZERO, SECOND.multipliedBy(10)),
            SECOND.multipliedBy(5)),
        selectors(section.section("selectors")));
  }

  private Browser browser(Section section) {
    Engine engine =
        section.optional("engine", Format.oneOf(Engine.class), Browser.DEFAULT.engine());
    Format<Path> program = engine == Engine.CHROMIUM ? files.executable() : files.file();
    Path binary = section.optional("binary", program, Browser.DEFAULT.binary());
    Path driver = section.optional("driver", program, Browser.DEFAULT.driver());
    if (engine == Engine.CHROMIUM) {
      requireInstalled(section, "binary", binary, "chromium");
      requireInstalled(section, "driver", driver, "chromium-driver");
    }
    return new Browser(engine, binary, driver);
  }

  private static void requireInstalled(
      Section section, String key, Path program, String debianPackage) {
    if (!section.has(key) && !Files.isExecutable(program)) {
      section.reject(
          key,
          program
              + ": no such program (install the package "
              + debianPackage
              + ", or choose engine htmlunit)");
    }
  }

  private static ImmutableMap<PageElement, ImmutableList<String>> selectors(Section section) {
    ImmutableMap.Builder<PageElement, ImmutableList<String>> selectors = ImmutableMap.builder();
    for (PageElement element : PageElement.values()) {
      selectors.put(
          element, section.list(Format.printConstant(element), Format.TEXT, element.selectors()));
    }
    return selectors.buildOrThrow();
  }
}
