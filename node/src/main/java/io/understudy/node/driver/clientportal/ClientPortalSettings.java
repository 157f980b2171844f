package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.PageElement;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.SecretSource;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything the driver is told. The defaults are those of the newest known login page and of the
 * measured behaviour of the gateway program.
 *
 * @param gateway names the gateway in messages and directories
 * @param stateDirectory the node's own directory; the driver uses {@code client-portal/GATEWAY}
 *     below it
 * @param port where the gateway program listens, and trading clients behind the relay arrive
 * @param selectors replaces the known selectors of an element of the login page
 * @param mode live or paper, as chosen on the login page and checked against the account
 */
public record ClientPortalSettings(
    GatewayId gateway,
    Path stateDirectory,
    Program program,
    int port,
    Upstream upstream,
    Mode mode,
    SecondFactorKind secondFactor,
    SecretSource username,
    SecretSource password,
    Browser browser,
    ImmutableMap<PageElement, ImmutableList<String>> selectors,
    Timings timings) {

  public ClientPortalSettings {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
  }

  /** What is chosen on the login page. */
  public enum Mode {
    LIVE,
    PAPER
  }

  /**
   * The gateway program and the Java that runs it.
   *
   * @param directory as unpacked from IBKR's archive: holds dist, build and root
   */
  public record Program(Path directory, Path java, ImmutableList<String> javaOptions) {
    /** Measured to be enough for days with a margin; the program itself needs about 100 MB. */
    public static final ImmutableList<String> DEFAULT_JAVA_OPTIONS =
        ImmutableList.of("-Xmx160m", "-XX:+UseSerialGC");

    /** With the Java of this process and the default options. */
    public static Program in(Path directory) {
      return new Program(
          directory, Path.of(System.getProperty("java.home"), "bin", "java"), DEFAULT_JAVA_OPTIONS);
    }
  }

  /**
   * What the gateway talks to.
   *
   * @param host with scheme, without a path
   * @param authDelay how long the gateway waits between a login and its brokerage init
   */
  public record Upstream(String host, boolean tls, Duration authDelay) {
    public static final Upstream IBKR =
        new Upstream("https://api.ibkr.com", true, Duration.ofSeconds(3));
  }

  /** How the login page is driven. */
  public sealed interface Browser {
    /** A browser in this process, written in Java: quick, and too old for IBKR's real page. */
    record HtmlUnit() implements Browser {}

    /** A headless Chromium, controlled by its own driver program. */
    record Chromium(Path binary, Path driver) implements Browser {
      public static final Chromium DEBIAN =
          new Chromium(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromedriver"));
    }
  }

  /** Where an element is looked for: CSS, tried in this order; the first visible one counts. */
  public ImmutableList<String> selectors(PageElement element) {
    return selectors.getOrDefault(element, element.selectors());
  }

  /**
   * How long things may take, and how often they are done.
   *
   * @param start from the start of the program until it answers
   * @param localCall a call that the gateway answers by itself
   * @param call a call that goes to IBKR
   * @param tickleEvery how often the session is kept alive
   * @param validateEvery how often the single sign-on is kept alive; at least a minute with IBKR
   * @param ordersPause between the two calls for orders, of which the first may be empty
   * @param logoutCall the call that ends the brokerage session
   * @param terminateGrace between asking the program to end and killing it
   * @param reopen until the brokerage session is up again
   * @param page until the login page shows its form
   * @param preSubmit between the form's appearance and its submission; too early is refused as if
   *     the password were wrong
   * @param answer until something conclusive follows a submission
   * @param code how long the page can wait for a one-time code
   * @param push how long the page can wait for the phone
   * @param login the whole login, from opening the page to the last answer
   */
  public record Timings(
      Duration start,
      Duration localCall,
      Duration call,
      Duration tickleEvery,
      Duration validateEvery,
      Duration ordersPause,
      Duration logoutCall,
      Duration terminateGrace,
      Duration reopen,
      Duration page,
      Duration preSubmit,
      Duration answer,
      Duration code,
      Duration push,
      Duration login) {
    public static final Timings DEFAULT =
        new Timings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Duration.ofMillis(1500),
            Duration.ofSeconds(15),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(120),
            Duration.ofSeconds(120),
            Duration.ofSeconds(240));

    /** For the simulator, which never finds a submission too early nor a call too frequent. */
    public static final Timings SIMULATOR =
        new Timings(
            DEFAULT.start,
            DEFAULT.localCall,
            DEFAULT.call,
            DEFAULT.tickleEvery,
            DEFAULT.validateEvery,
            Duration.ZERO,
            DEFAULT.logoutCall,
            DEFAULT.terminateGrace,
            DEFAULT.reopen,
            DEFAULT.page,
            Duration.ZERO,
            DEFAULT.answer,
            DEFAULT.code,
            DEFAULT.push,
            DEFAULT.login);
  }
}
