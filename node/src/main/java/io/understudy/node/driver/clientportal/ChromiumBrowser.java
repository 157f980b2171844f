package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Var;
import io.understudy.node.config.ClientPortalConfig.Browser;
import io.understudy.node.spi.DriverException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openqa.selenium.PageLoadStrategy;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.remote.HttpCommandExecutor;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.remote.http.ClientConfig;

/**
 * A headless Chromium.
 *
 * <p>Its driver program is started by ourselves and not by Selenium's service class, because a
 * fence must be able to end the whole family of processes at once, and because nothing may be
 * looked up or downloaded.
 */
final class ChromiumBrowser implements LoginBrowser {
  private static final Duration DRIVER_START_MAX = Duration.ofSeconds(15);
  private static final Duration COMMAND_MARGIN = Duration.ofSeconds(10);
  private static final Duration END_MAX = Duration.ofSeconds(2);

  /** Chromium makes a socket below its directory, whose whole name may have 107 characters. */
  private static final int PROFILE_PATH_MAX = 60;

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final ImmutableSet<String> ENVIRONMENT = ImmutableSet.of("PATH", "LANG", "TZ");

  private final Process driverProgram;
  private final Path profile;
  private final RemoteWebDriver driver;

  private ChromiumBrowser(Process driverProgram, Path profile, RemoteWebDriver driver) {
    this.driverProgram = driverProgram;
    this.profile = profile;
    this.driver = driver;
  }

  static ChromiumBrowser start(
      Browser programs, GatewayCertificate certificate, RunDirectory directory, Duration page)
      throws DriverException {
    demandExecutable(programs.binary(), "Chromium", "browser.binary");
    demandExecutable(programs.driver(), "Chromium's driver", "browser.driver");
    String marker = OwnProcesses.browserMarker(directory.base());
    Path profile = makeProfile(directory.browser());
    @Var Process driverProgram = null;
    try {
      driverProgram = startDriver(programs.driver(), marker, profile);
      int port = port(driverProgram);
      ClientConfig limits = ClientConfig.defaultConfig().readTimeout(page.plus(COMMAND_MARGIN));
      RemoteWebDriver driver =
          new RemoteWebDriver(
              URI.create("http://127.0.0.1:" + port).toURL(),
              options(programs, certificate, marker, profile),
              limits,
              /* enableTracing= */ false);
      driver.manage().timeouts().pageLoadTimeout(page);
      return new ChromiumBrowser(driverProgram, profile, driver);
    } catch (IOException | WebDriverException e) {
      if (driverProgram != null) {
        endFamily(driverProgram);
      }
      deleteProfile(profile);
      throw DriverException.transientError(
          "Chromium could not be started ("
              + programs.binary()
              + " by "
              + programs.driver()
              + "); try it by hand as the user of this daemon; it said: "
              + Redaction.line(firstLine(e)),
          e);
    }
  }

  @Override
  public WebDriver driver() {
    return driver;
  }

  @Override
  public boolean draws() {
    return true;
  }

  @Override
  public void cutShort() {
    var _ = killFamily(driverProgram);
  }

  @Override
  public void close() {
    endFamily(driverProgram);
    if (driver.getCommandExecutor() instanceof HttpCommandExecutor executor) {
      executor.close();
    }
    deleteProfile(profile);
  }

  /** Makes the directory anew, or another one where its name is too long for Chromium. */
  private static Path makeProfile(Path wanted) throws DriverException {
    try {
      PrivateFiles.deleteTree(wanted);
      return wanted.toString().length() <= PROFILE_PATH_MAX
          ? PrivateFiles.directory(wanted)
          : Files.createTempDirectory("understudy-browser");
    } catch (IOException e) {
      throw DriverException.transientError(
          "The browser's directory " + wanted + " cannot be made anew", e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static ChromeOptions options(
      Browser programs, GatewayCertificate certificate, String marker, Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(programs.binary().toFile());
    // The form is waited for; assets that never load must not hold the login up.
    options.setPageLoadStrategy(PageLoadStrategy.EAGER);
    options.addArguments(
        "--headless",
        "--incognito",
        "--disable-gpu",
        "--disable-quic",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--disable-breakpad",
        "--no-first-run",
        "--window-size=1000,1000",
        "--ignore-certificate-errors-spki-list=" + certificate.publicKeyHash(),
        marker,
        "--user-data-dir=" + profile.resolve("data"));
    if (System.getProperty("user.name").equals("root")) {
      // Its sandbox refuses root; every other user keeps it.
      options.addArguments("--no-sandbox");
    }
    return options;
  }

  private static void demandExecutable(Path program, String name, String key)
      throws DriverException {
    if (!Files.isExecutable(program)) {
      throw DriverException.permanentError(
          name + " is not at " + program + ": install it or correct " + key);
    }
  }

  private static Process startDriver(Path driver, String marker, Path profile) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(driver.toString(), "--port=0", marker);
    builder.redirectErrorStream(true);
    builder.environment().keySet().retainAll(ENVIRONMENT);
    builder.environment().put("HOME", profile.toString());
    builder.environment().put("TMPDIR", profile.toString());
    return builder.start();
  }

  /** Reads the port from the driver's output, which is then read on so that it never blocks. */
  private static int port(Process driverProgram) throws IOException {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    var _ =
        Thread.ofVirtual()
            .name("chromedriver-output")
            .start(() -> {
              try (BufferedReader reader =
                  new BufferedReader(
                      new InputStreamReader(
                          driverProgram.getInputStream(), StandardCharsets.UTF_8))) {
                reader
                    .lines()
                    .map(PORT::matcher)
                    .filter(Matcher::find)
                    .forEach(line -> port.complete(Integer.valueOf(line.group(1))));
              } catch (IOException | UncheckedIOException _) {
                // It has ended; without a port the line below says so.
              }
              port.completeExceptionally(new IOException("the driver program ended"));
            });
    try {
      return port.get(DRIVER_START_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the driver program did not tell its port", e);
    }
  }

  /** Kills the driver and all that it started; there is nothing in them worth saving. */
  private static void endFamily(Process driverProgram) {
    Countdown deadline = Countdown.of(END_MAX);
    do {
      List<ProcessHandle> family = killFamily(driverProgram);
      while (family.stream().anyMatch(ProcessHandle::isAlive) && !deadline.isOver()) {
        if (!deadline.pause(PAUSE)) {
          return;
        }
      }
    } while (driverProgram.isAlive() && !deadline.isOver() && deadline.pause(PAUSE));
  }

  private static List<ProcessHandle> killFamily(Process driverProgram) {
    List<ProcessHandle> family = driverProgram.descendants().toList();
    var _ = driverProgram.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
    return family;
  }

  private static void deleteProfile(Path profile) {
    Countdown deadline = Countdown.of(END_MAX);
    while (true) {
      try {
        PrivateFiles.deleteTree(profile);
        return;
      } catch (IOException _) {
        // A dying process still writes; what stays is deleted before the next login.
        if (deadline.isOver() || !deadline.pause(PAUSE)) {
          return;
        }
      }
    }
  }
}
