package io.understudy.bundle.authority;

import com.google.errorprone.annotations.Immutable;
import java.time.Instant;

/**
 * A certificate with its private key.
 *
 * @param certificate PEM, with intermediate ones if there are any
 * @param key PEM, PKCS #8, not encrypted
 * @param serial of the certificate, lower-case hexadecimal
 */
@Immutable
public record Identity(String certificate, String key, String serial, Instant until) {
  @Override
  public String toString() {
    return "Identity[serial=" + serial + ", until=" + until + "]";
  }
}
