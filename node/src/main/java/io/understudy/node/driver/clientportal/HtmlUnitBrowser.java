package io.understudy.node.driver.clientportal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.common.collect.ImmutableList;
import io.understudy.node.spi.DriverException;
import java.net.MalformedURLException;
import java.net.URL;
import java.time.Duration;
import org.htmlunit.BrowserVersion;
import org.htmlunit.WebClient;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.htmlunit.HtmlUnitDriver;
import org.slf4j.LoggerFactory;

/**
 * The browser in this process. It runs scripts of the older kind, which the simulator's page is.
 */
final class HtmlUnitBrowser implements LoginBrowser {
  /**
   * Their loggers are off whatever is configured: at DEBUG they write every request as it goes over
   * the wire, passwords and codes included.
   */
  private static final ImmutableList<String> TALKATIVE =
      ImmutableList.of("org.htmlunit", "org.apache.http", "org.apache.hc");

  /** Made of what a login page has, so that loading it loads the code that a login needs. */
  private static final String PRACTICE_PAGE =
      "data:text/html,<html><body><style>.x{display:none}</style><form id='f'><input id='u'>"
          + "<div class='x'><p>hidden</p></div><input type='checkbox' id='c'><label for='c'>l</label>"
          + "<button type='button' id='b'>b</button></form><script>"
          + "document.getElementById('b').onclick=function(){document.getElementById('f')"
          + ".querySelector('div').innerHTML='<p>'+encodeURIComponent('a b')+'</p>';"
          + "window.setTimeout(function(){},1);};</script></body></html>";

  private final HtmlUnitDriver driver;

  private HtmlUnitBrowser(HtmlUnitDriver driver) {
    this.driver = driver;
  }

  static HtmlUnitBrowser start(GatewayCertificate certificate, Duration page)
      throws DriverException {
    silence();
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

  /** Loads classes ahead of time: the first login of a process otherwise takes a second longer. */
  static void practise() {
    silence();
    HtmlUnitDriver driver = new HtmlUnitDriver(BrowserVersion.CHROME, true);
    try {
      driver.get(PRACTICE_PAGE);
      driver.findElement(By.cssSelector("input[id='u']")).sendKeys("practice");
      driver.findElement(By.cssSelector("label[for='c']")).click();
      driver.findElement(By.cssSelector("#f button")).click();
      var _ = driver.findElement(By.cssSelector("div.x p")).isDisplayed();
      var _ = driver.findElement(By.cssSelector("body")).getText();
    } catch (RuntimeException _) {
      // Then the first login loads what is missing.
    } finally {
      driver.quit();
    }
  }

  private static void silence() {
    for (String name : TALKATIVE) {
      if (LoggerFactory.getLogger(name) instanceof Logger logger) {
        logger.setLevel(Level.OFF);
      }
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
