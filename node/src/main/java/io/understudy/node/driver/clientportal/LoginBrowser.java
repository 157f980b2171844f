package io.understudy.node.driver.clientportal;

import io.understudy.node.spi.DriverException;
import java.nio.file.Path;
import org.openqa.selenium.WebDriver;

/**
 * A browser that lives for one login. It accepts the certificate of our gateway and no other
 * self-made one, keeps nothing, and is used by one thread.
 */
interface LoginBrowser extends AutoCloseable {
  WebDriver driver();

  /** Whether it can make a picture of the page. */
  boolean draws();

  /** Ends it at once, whatever it is doing. Any thread; idempotent. */
  @Override
  void close();

  /**
   * Starts the configured browser.
   *
   * @param profile a directory, empty or missing; gone again after {@link #close}
   */
  static LoginBrowser start(
      ClientPortalSettings settings, GatewayCertificate certificate, Path profile)
      throws DriverException {
    return switch (settings.browser().engine()) {
      case HTMLUNIT -> HtmlUnitBrowser.start(certificate, settings.timings().page());
      case CHROMIUM ->
          ChromiumBrowser.start(
              settings.browser(), certificate, profile, settings.timings().page());
    };
  }
}
