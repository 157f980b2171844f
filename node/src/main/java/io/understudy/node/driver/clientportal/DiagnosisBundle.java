package io.understudy.node.driver.clientportal;

import com.google.common.base.Strings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;

/**
 * What is kept of a page that was not understood, so that selectors can be corrected: its visible
 * text, its visible elements by name, id and class, and a picture where the browser makes one. No
 * field values, no user name, no digits that could be a code or an account.
 */
final class DiagnosisBundle {
  private static final int BUNDLES_MAX = 10;
  private static final int ELEMENTS_MAX = 400;
  private static final Duration TIME_MAX = Duration.ofSeconds(5);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

  /** Blanks all fields and masks the name in the text; the page is not used afterwards. */
  private static final String BLANK_PAGE =
      """
      var fields = document.querySelectorAll('input, textarea');
      for (var i = 0; i < fields.length; i++) { fields[i].value = ''; }
      var name = arguments[0].toLowerCase();
      if (name) {
        var walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
          if (walk.currentNode.nodeValue.toLowerCase().indexOf(name) >= 0) {
            walk.currentNode.nodeValue = '[user]';
          }
        }
      }
      """;

  private final Path directory;

  DiagnosisBundle(Path directory) {
    this.directory = directory;
  }

  /**
   * Keeps what is seen; the oldest bundles beyond ten go.
   *
   * @return the bundle's directory; empty when nothing could be kept
   */
  Optional<Path> keep(LoginBrowser browser, String what, String username, Instant at) {
    try {
      PrivateFiles.directory(directory);
      Path bundle = PrivateFiles.directory(directory.resolve(NAME.format(at)));
      WebDriver driver = browser.driver();
      String text =
          what
              + "\nTitle: "
              + Redaction.page(Strings.nullToEmpty(driver.getTitle()), username)
              + "\n\n"
              + Redaction.page(visibleText(driver), username)
              + "\n";
      PrivateFiles.write(bundle.resolve("page.txt"), text);
      PrivateFiles.write(
          bundle.resolve("elements.txt"), Redaction.page(elements(driver), username));
      if (browser.draws() && driver instanceof TakesScreenshot camera) {
        picture(driver, camera, bundle.resolve("page.png"), username);
      }
      prune();
      return Optional.of(bundle);
    } catch (IOException | RuntimeException _) {
      // Browsers fail in many ways, and the login's own result matters more than its picture.
      return Optional.empty();
    }
  }

  private static String visibleText(WebDriver driver) {
    return driver.findElements(By.tagName("body")).stream()
        .findFirst()
        .map(WebElement::getText)
        .orElse("");
  }

  private static String elements(WebDriver driver) {
    Countdown deadline = Countdown.of(TIME_MAX);
    StringBuilder lines = new StringBuilder();
    List<WebElement> candidates =
        driver.findElements(By.cssSelector("form, input, select, button, [id], [class]"));
    for (WebElement element : candidates.subList(0, Math.min(ELEMENTS_MAX, candidates.size()))) {
      if (deadline.isOver()) {
        lines.append("(more was not looked at)\n");
        break;
      }
      if (element.isDisplayed()) {
        lines.append(element.getTagName());
        append(lines, " id=", element.getDomAttribute("id"));
        append(lines, " class=", element.getDomAttribute("class"));
        append(lines, " name=", element.getDomAttribute("name"));
        append(lines, " type=", element.getDomAttribute("type"));
        append(lines, " placeholder=", element.getDomAttribute("placeholder"));
        lines.append('\n');
      }
    }
    return lines.toString();
  }

  private static void append(StringBuilder lines, String key, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      lines.append(key).append('"').append(value).append('"');
    }
  }

  private static void picture(WebDriver driver, TakesScreenshot camera, Path file, String username)
      throws IOException {
    if (driver instanceof JavascriptExecutor scripts) {
      var _ = scripts.executeScript(BLANK_PAGE, username);
      byte[] png = camera.getScreenshotAs(OutputType.BYTES);
      Files.write(PrivateFiles.create(file), png);
    }
  }

  private void prune() throws IOException {
    List<Path> bundles;
    try (Stream<Path> list = Files.list(directory)) {
      bundles = list.sorted().toList();
    }
    for (Path old : bundles.subList(0, Math.max(0, bundles.size() - BUNDLES_MAX))) {
      PrivateFiles.deleteTree(old);
    }
  }
}
