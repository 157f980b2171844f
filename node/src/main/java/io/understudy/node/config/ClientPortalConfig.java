package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * IBKR's Client Portal Gateway and the browser that fills in its login page.
 *
 * @param program the directory of the gateway program
 * @param java the java that runs it
 * @param javaOptions for that java, before the class path
 * @param listenPort its API port on this machine
 * @param upstream IBKR, or who plays it
 * @param preSubmitDelay between filling in and submitting the form: too early, and IBKR's page
 *     submits a wrong password
 * @param pageTimeout until the login page shows its form
 * @param callTimeout for calls that the gateway answers by itself
 * @param upstreamTimeout for calls that it passes to IBKR
 * @param ordersPause between the two readings of open orders, of which IBKR's first may be empty
 * @param selectors where things are on the login page: CSS, the first visible one wins
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record ClientPortalConfig(
    Path program,
    Path java,
    ImmutableList<String> javaOptions,
    int listenPort,
    URI upstream,
    Browser browser,
    Duration preSubmitDelay,
    Duration pageTimeout,
    Duration callTimeout,
    Duration upstreamTimeout,
    Duration ordersPause,
    ImmutableMap<PageElement, ImmutableList<String>> selectors) {

  /** The selectors of one element, in the order in which they are tried. */
  public ImmutableList<String> selectors(PageElement element) {
    return selectors.getOrDefault(element, element.selectors());
  }

  /** The browser for the login page. {@code binary} and {@code driver} are Chromium's. */
  @Immutable
  @SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
  public record Browser(Engine engine, Path binary, Path driver) {
    public static final Browser DEFAULT =
        new Browser(
            Engine.HTMLUNIT, Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromedriver"));
  }

  /** Which browser. */
  public enum Engine {
    /** In this process, pure Java; does not understand the scripts of IBKR's real page. */
    HTMLUNIT,
    /** Headless Chromium by its own driver program. */
    CHROMIUM
  }
}
