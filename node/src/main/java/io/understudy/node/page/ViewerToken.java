package io.understudy.node.page;

import io.understudy.node.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The token of viewers, and the passes that it is exchanged for. A pass is the time of its end with
 * a code that only the holder of the token can compute: nothing of it is kept here, it outlives a
 * restart, and it ends when the token is replaced or removed. All comparisons take the same time
 * whatever is wrong. Any thread.
 */
final class ViewerToken {
  static final Duration PASS_LASTS = Duration.ofHours(12);
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PURPOSE = "understudy status page, pass until ";

  private final Supplier<Optional<Secret>> token;

  ViewerToken(Supplier<Optional<Secret>> token) {
    this.token = token;
  }

  /** Whether there is one at present. */
  boolean present() {
    return token.get().isPresent();
  }

  boolean matches(String offered) {
    return token
        .get()
        .filter(secret -> MessageDigest.isEqual(digest(secret.reveal()), digest(offered)))
        .isPresent();
  }

  /** A new pass; empty when there is no token. */
  Optional<String> pass(Instant now) {
    long end = now.plus(PASS_LASTS).getEpochSecond();
    return token.get().map(secret -> end + "." + code(secret, end));
  }

  /** Whether the pass was made with the token in effect and has not ended. */
  boolean admits(String pass, Instant now) {
    int dot = pass.indexOf('.');
    Optional<Secret> secret = token.get();
    if (dot <= 0 || secret.isEmpty() || !pass.substring(0, dot).matches("[0-9]{1,12}")) {
      return false;
    }
    long end = Long.parseLong(pass.substring(0, dot));
    boolean genuine =
        MessageDigest.isEqual(
            code(secret.get(), end).getBytes(StandardCharsets.UTF_8),
            pass.substring(dot + 1).getBytes(StandardCharsets.UTF_8));
    boolean lasts = end > now.getEpochSecond();
    return genuine && lasts && end <= now.plus(PASS_LASTS).getEpochSecond();
  }

  private static String code(Secret secret, long end) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(digest(secret.reveal()), ALGORITHM));
      byte[] code = mac.doFinal((PURPOSE + end).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /**
   * Of one length whatever the text's, so that a comparison does not tell how long the token is.
   */
  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
