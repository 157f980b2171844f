package io.understudy.node.tls;

import com.google.common.collect.ImmutableList;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * What one end of mutual TLS holds: the key fits the first certificate of the chain, and all were
 * valid when they were read.
 *
 * @param chain own certificate, followed by intermediate ones; at least one
 * @param authorities whose certificates are trusted; at least one
 */
public record TlsMaterial(
    PrivateKey key,
    ImmutableList<X509Certificate> chain,
    ImmutableList<X509Certificate> authorities) {

  public TlsMaterial {
    if (chain.isEmpty() || authorities.isEmpty()) {
      throw new IllegalArgumentException("tls material: no certificate (expected: at least one)");
    }
  }

  /** When the first certificate of the own chain ends. */
  public Instant ends() {
    return earliest(chain.stream());
  }

  /** When the first of the authorities ends. */
  public Instant authorityEnds() {
    return earliest(authorities.stream());
  }

  private static Instant earliest(Stream<X509Certificate> certificates) {
    return certificates
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "certificate of " + chain.getFirst().getSubjectX500Principal().getName();
  }
}
