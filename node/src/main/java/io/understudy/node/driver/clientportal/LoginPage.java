package io.understudy.node.driver.clientportal;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import io.understudy.node.config.PageElement;
import io.understudy.node.core.login.SecondFactorKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.InvalidSelectorException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/**
 * IBKR's login page as an object: what it shows, and what can be done on it. It decides nothing.
 *
 * <p>All blocks of the page are always in the document and only their visibility changes, so
 * everything is looked up anew each time and filtered by visibility; an element that was
 * re-rendered in between counts as not there, and the caller looks again.
 */
final class LoginPage {
  private static final int CLICK_TRIES_MAX = 5;
  private static final Duration CLICK_PAUSE = Duration.ofMillis(200);

  /** What can stand on the page besides an error text; in the order of precedence. */
  enum Sight {
    SUCCESS,
    DEVICE_CHOOSER,
    CODE_FIELD,
    UNSUPPORTED_FACTOR,
    NOTIFICATION,
    PROMOTION,
    NOTHING_KNOWN
  }

  /**
   * One look at the page.
   *
   * @param sight the one thing that matters most
   * @param error the visible error text, or empty
   */
  record View(Sight sight, String error) {}

  private final WebDriver driver;
  private final Function<PageElement, ImmutableList<String>> selectors;

  LoginPage(WebDriver driver, Function<PageElement, ImmutableList<String>> selectors) {
    this.driver = driver;
    this.selectors = selectors;
  }

  void open(String address) {
    driver.get(address);
  }

  /** What the page shows now. */
  View look() {
    return new View(sight(), errorText());
  }

  private Sight sight() {
    if (saysSuccess()) {
      return Sight.SUCCESS;
    }
    if (shows(PageElement.DEVICE_CHOOSER)) {
      return Sight.DEVICE_CHOOSER;
    }
    if (shows(PageElement.CODE)) {
      return Sight.CODE_FIELD;
    }
    if (shows(PageElement.UNSUPPORTED_FACTOR)) {
      return Sight.UNSUPPORTED_FACTOR;
    }
    if (shows(PageElement.NOTIFICATION)) {
      return Sight.NOTIFICATION;
    }
    return shows(PageElement.PROMOTION_SKIP) ? Sight.PROMOTION : Sight.NOTHING_KNOWN;
  }

  boolean saysSuccess() {
    return selectors.apply(PageElement.SUCCESS).stream()
        .flatMap(selector -> find(selector).stream())
        .anyMatch(element -> textOf(element).contains(PageText.SUCCESS));
  }

  boolean showsUsernameField() {
    return shows(PageElement.USERNAME);
  }

  boolean showsPasswordField() {
    return shows(PageElement.PASSWORD);
  }

  boolean showsCodeField() {
    return shows(PageElement.CODE);
  }

  private String errorText() {
    for (String selector : selectors.apply(PageElement.ERROR)) {
      for (WebElement element : find(selector)) {
        String text = isVisible(element) ? textOf(element).strip() : "";
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }

  /** All visible text; of an answer that is no page, what there is. */
  String text() {
    return find("body").stream()
        .findFirst()
        .map(LoginPage::textOf)
        .orElseGet(() -> Strings.nullToEmpty(driver.getPageSource()));
  }

  /** Whether there is any field that somebody could fill in. */
  boolean hasVisibleInput() {
    return find("input").stream().anyMatch(LoginPage::isVisible);
  }

  /** Closes banners that lie over the form, as far as they can be closed. */
  void dismissCookieBanner() {
    visible(PageElement.COOKIE_REFUSE)
        .ifPresent(button -> {
          try {
            button.click();
          } catch (StaleElementReferenceException | ElementNotInteractableException _) {
            // It is mounted late and again; the next look finds out.
          }
        });
  }

  /** Whether paper is chosen; empty when the page has no such choice. */
  Optional<Boolean> paperChosen() {
    for (String selector : selectors.apply(PageElement.PAPER_CHECKBOX)) {
      for (WebElement checkbox : find(selector)) {
        // The checkbox itself is hidden behind its label.
        return Optional.of(checkbox.isSelected());
      }
    }
    return Optional.empty();
  }

  /** Clicks the label of the choice between live and paper; false when there is none. */
  boolean togglePaper() {
    return click(PageElement.PAPER_LABEL);
  }

  boolean typeUsername(String value) {
    return type(PageElement.USERNAME, value);
  }

  boolean typePassword(String value) {
    return type(PageElement.PASSWORD, value);
  }

  boolean typeCode(String value) {
    return type(PageElement.CODE, value);
  }

  /** Continues from the user name to the password where the form has two steps. */
  boolean submitUsername() {
    return click(PageElement.USERNAME_SUBMIT) || pressReturn(PageElement.USERNAME);
  }

  boolean submitCredentials() {
    return click(PageElement.SUBMIT) || pressReturn(PageElement.PASSWORD);
  }

  boolean submitCode() {
    return click(PageElement.CODE_SUBMIT) || pressReturn(PageElement.CODE);
  }

  void skipPromotion() {
    var _ = click(PageElement.PROMOTION_SKIP);
  }

  /**
   * Chooses the device for the kind of second factor.
   *
   * @return false when the chooser is gone or offers no such device
   */
  boolean chooseDevice(SecondFactorKind kind) {
    String word = kind == SecondFactorKind.PUSH ? "ib key" : "authenticator";
    String value = kind == SecondFactorKind.PUSH ? "5.2a" : "4";
    return visible(PageElement.DEVICE_CHOOSER).map(list -> choose(list, word, value)).orElse(false);
  }

  private static boolean choose(WebElement list, String word, String value) {
    try {
      Select select = new Select(list);
      List<WebElement> options = select.getOptions();
      for (int index = 0; index < options.size(); index++) {
        if (textOf(options.get(index)).toLowerCase(Locale.ROOT).contains(word)) {
          select.selectByIndex(index);
          return true;
        }
      }
      select.selectByValue(value);
      return true;
    } catch (StaleElementReferenceException | NoSuchElementException _) {
      return false;
    }
  }

  /** True when the field holds the value afterwards, and so may be submitted. */
  private boolean type(PageElement where, String value) {
    Optional<WebElement> field = visible(where);
    if (field.isEmpty()) {
      return false;
    }
    try {
      field.get().clear();
      field.get().sendKeys(value);
      // A page that renders its form anew may swallow what is typed meanwhile.
      return value.equals(field.get().getDomProperty("value"));
    } catch (StaleElementReferenceException | ElementNotInteractableException _) {
      return false;
    }
  }

  /** A click that was intercepted has done nothing, so it may be repeated. */
  private boolean click(PageElement where) {
    Countdown patience = Countdown.of(CLICK_PAUSE.multipliedBy(CLICK_TRIES_MAX));
    for (int attempt = 0; attempt < CLICK_TRIES_MAX; attempt++) {
      Optional<WebElement> target = visible(where);
      if (target.isEmpty()) {
        return false;
      }
      try {
        target.get().click();
        return true;
      } catch (ElementClickInterceptedException _) {
        dismissCookieBanner();
        if (!patience.pause(CLICK_PAUSE)) {
          return false;
        }
      } catch (StaleElementReferenceException _) {
        // Re-rendered between look and click: look again.
      }
    }
    return false;
  }

  private boolean pressReturn(PageElement where) {
    Optional<WebElement> field = visible(where);
    field.ifPresent(element -> element.sendKeys(Keys.RETURN));
    return field.isPresent();
  }

  private boolean shows(PageElement where) {
    return visible(where).isPresent();
  }

  private Optional<WebElement> visible(PageElement where) {
    return selectors.apply(where).stream()
        .flatMap(selector -> find(selector).stream())
        .filter(LoginPage::isVisible)
        .findFirst();
  }

  private List<WebElement> find(String selector) {
    try {
      return driver.findElements(By.cssSelector(selector));
    } catch (InvalidSelectorException | IllegalStateException _) {
      // A selector that is none; or, with HtmlUnit, an answer that is plain text.
      return List.of();
    }
  }

  private static boolean isVisible(WebElement element) {
    try {
      return element.isDisplayed();
    } catch (StaleElementReferenceException | NoSuchElementException _) {
      return false;
    }
  }

  private static String textOf(WebElement element) {
    try {
      return element.getText();
    } catch (StaleElementReferenceException | NoSuchElementException _) {
      return "";
    }
  }
}
