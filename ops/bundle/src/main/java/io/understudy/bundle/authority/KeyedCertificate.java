package io.understudy.bundle.authority;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** A certificate and the private key that belongs to it. */
record KeyedCertificate(X509Certificate certificate, PrivateKey key) {
  String serial() {
    return certificate.getSerialNumber().toString(16);
  }

  Instant until() {
    return certificate.getNotAfter().toInstant();
  }

  /** As bundles take it. */
  Identity identity() {
    return new Identity(Pem.certificate(certificate), Pem.key(key), serial(), until());
  }

  @Override
  public String toString() {
    return "KeyedCertificate[serial=" + serial() + "]";
  }
}
