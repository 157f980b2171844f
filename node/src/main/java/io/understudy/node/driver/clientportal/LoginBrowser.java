package io.understudy.node.driver.clientportal;

import io.understudy.node.spi.DriverException;
import org.openqa.selenium.WebDriver;

/**
 * A browser that lives for one login. It accepts the certificate of our gateway and no other
 * self-made one, keeps nothing, and is used by one thread.
 */
interface LoginBrowser extends AutoCloseable {
  WebDriver driver();

  /** Whether it can make a picture of the page. */
  boolean draws();

  /** Sees to it that whatever it does ends soon; does not wait. Any thread; idempotent. */
  void cutShort();

  /** Ends it and removes what it wrote. Idempotent. */
  @Override
  void close();

  /**
   * Starts the configured browser.
   *
   * @param directory where a browser with files may keep them until {@link #close}
   */
  static LoginBrowser start(
      ClientPortalSettings settings, GatewayCertificate certificate, RunDirectory directory)
      throws DriverException {
    return switch (settings.browser().engine()) {
      case HTMLUNIT -> HtmlUnitBrowser.start(certificate, settings.timings().page());
      case CHROMIUM ->
          ChromiumBrowser.start(
              settings.browser(), certificate, directory, settings.timings().page());
    };
  }
}
