package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.ClientPortalConfig;
import io.understudy.node.config.ClientPortalConfig.Browser;
import io.understudy.node.config.GatewayConfig;
import io.understudy.node.config.GatewayConfig.Mode;
import io.understudy.node.config.PageElement;
import io.understudy.node.config.SecretFile;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.SecretSource;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything the driver is told.
 *
 * @param gateway names the gateway in messages and directories
 * @param stateDirectory the node's own directory; the driver uses {@code client-portal/GATEWAY}
 *     below it
 * @param port where the gateway program listens, and trading clients behind the relay arrive
 * @param mode live or paper, as chosen on the login page and checked against the account
 * @param clockSkewMax no login with one-time codes is tried when IBKR's clock differs more
 * @param selectors replaces the known selectors of an element of the login page
 */
public record ClientPortalSettings(
    GatewayId gateway,
    Path stateDirectory,
    Program program,
    int port,
    Upstream upstream,
    Mode mode,
    SecondFactorKind secondFactor,
    Duration clockSkewMax,
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

  /** As configured; both secret files are read at each login. */
  public static ClientPortalSettings of(GatewayConfig gateway, Path stateDirectory) {
    ClientPortalConfig config = gateway.clientPortal();
    return new ClientPortalSettings(
        gateway.id(),
        stateDirectory,
        new Program(config.program(), config.java(), config.javaOptions()),
        config.listenPort(),
        new Upstream(
            config.upstream().toString(),
            "https".equals(config.upstream().getScheme()),
            Upstream.AUTH_DELAY),
        gateway.mode(),
        gateway.secondFactor().kind(),
        gateway.loginBudget().clockSkewMax(),
        () -> SecretFile.read(gateway.usernameFile()),
        () -> SecretFile.read(gateway.passwordFile()),
        config.browser(),
        config.selectors(),
        Timings.of(gateway));
  }

  /** Where an element is looked for: CSS, tried in this order; the first visible one counts. */
  public ImmutableList<String> selectors(PageElement element) {
    return selectors.getOrDefault(element, element.selectors());
  }

  /**
   * The gateway program and the Java that runs it.
   *
   * @param directory as unpacked from IBKR's archive: holds dist, build and root
   */
  public record Program(Path directory, Path java, ImmutableList<String> javaOptions) {}

  /**
   * What the gateway talks to.
   *
   * @param host with scheme, without a path
   * @param authDelay how long the gateway waits between a login and its brokerage init
   */
  public record Upstream(String host, boolean tls, Duration authDelay) {
    /** As in IBKR's own conf.yaml. */
    static final Duration AUTH_DELAY = Duration.ofSeconds(3);
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

    /** As configured; what nobody configures is as the gateway's reference says. */
    static Timings of(GatewayConfig gateway) {
      ClientPortalConfig config = gateway.clientPortal();
      return new Timings(
          gateway.timings().start(),
          config.callTimeout(),
          config.upstreamTimeout(),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          config.ordersPause(),
          Duration.ofSeconds(3),
          gateway.timings().killGrace(),
          Duration.ofSeconds(15),
          config.pageTimeout(),
          config.preSubmitDelay(),
          Duration.ofSeconds(30),
          gateway.secondFactor().codeTimeout(),
          gateway.secondFactor().pushTimeout(),
          gateway.timings().login());
    }
  }
}
