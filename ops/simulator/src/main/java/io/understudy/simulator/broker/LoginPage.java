package io.understudy.simulator.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.understudy.simulator.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The login page: our own, with the names and the structure of the real one.
 *
 * <p>A variant is either one of the page itself, which its script reads from a meta element, or one
 * that replaces the second factor of every user.
 */
final class LoginPage {
  private static final List<String> PAGE_VARIANTS =
      List.of("stale-selectors", "two-step-form", "v1-names", "cookie-banner", "submit-too-early");
  private static final List<String> FACTOR_VARIANTS =
      List.of("push", "device-chooser", "security-card", "passkey", "qr");

  private final String html = resource("login.html");
  private final String script = resource("xyz.bundle.js");
  private final String style = resource("xyz.css");

  static void checkVariant(String variant) {
    if (!PAGE_VARIANTS.contains(variant) && !FACTOR_VARIANTS.contains(variant)) {
      throw new BadInputException(
          "variant: "
              + variant
              + " (expected one of: "
              + String.join(", ", PAGE_VARIANTS)
              + ", "
              + String.join(", ", FACTOR_VARIANTS)
              + ")");
    }
  }

  static Optional<SecondFactor.Kind> secondFactorOf(List<String> variants) {
    return variants.stream()
        .filter(FACTOR_VARIANTS::contains)
        .findFirst()
        .map(SecondFactor.Kind::parse);
  }

  HttpResponse html(List<String> variants) {
    String page = html.replace("@VARIANTS@", String.join(" ", variants));
    return HttpResponse.of(200, "text/html;charset=utf-8", page).with("Cache-Control", "no-store");
  }

  HttpResponse script() {
    return HttpResponse.of(200, "application/javascript;charset=utf-8", script);
  }

  HttpResponse style() {
    return HttpResponse.of(200, "text/css;charset=utf-8", style);
  }

  private static String resource(String name) {
    try (InputStream in = LoginPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
