package io.understudy.node.driver.clientportal;

import io.understudy.node.spi.DriverException;
import java.net.MalformedURLException;
import java.net.URL;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.htmlunit.BrowserVersion;
import org.htmlunit.WebClient;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.htmlunit.HtmlUnitDriver;

/**
 * The browser in this process. It runs scripts of the older kind, which the simulator's page is.
 */
final class HtmlUnitBrowser implements LoginBrowser {
  /** Held so that the level is not forgotten: HtmlUnit comments on every page at WARNING. */
  private static final Logger HTMLUNIT_LOG = Logger.getLogger("org.htmlunit");

  private final HtmlUnitDriver driver;

  private HtmlUnitBrowser(HtmlUnitDriver driver) {
    this.driver = driver;
  }

  static HtmlUnitBrowser start(GatewayCertificate certificate, Duration page)
      throws DriverException {
    HTMLUNIT_LOG.setLevel(Level.OFF);
    try {
      URL trustStore = certificate.trustStore().toUri().toURL();
      return new HtmlUnitBrowser(
          new HtmlUnitDriver(BrowserVersion.CHROME, true) {
            @Override
            protected WebClient modifyWebClient(WebClient client) {
              client.getOptions().setSSLTrustStore(trustStore, certificate.password(), "PKCS12");
              client.getOptions().setTimeout(Math.toIntExact(page.toMillis()));
              client.getOptions().setThrowExceptionOnScriptError(false);
              return client;
            }
          });
    } catch (MalformedURLException | WebDriverException e) {
      throw DriverException.transientError("The embedded browser could not be started", e);
    }
  }

  @Override
  public WebDriver driver() {
    return driver;
  }

  @Override
  public boolean draws() {
    return false;
  }

  @Override
  public void close() {
    cutShort();
  }

  @Override
  public void cutShort() {
    // It waits for a page that is being loaded; nobody has to wait for that.
    var _ =
        Thread.ofVirtual()
            .name("browser-close")
            .start(() -> {
              try {
                driver.quit();
              } catch (WebDriverException _) {
                // Closed twice, or in the middle of a page: gone either way.
              }
            });
  }
}
