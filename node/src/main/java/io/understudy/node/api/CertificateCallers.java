package io.understudy.node.api;

import com.google.common.collect.ImmutableSet;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.math.BigInteger;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/**
 * Reads name (CN) and role (OU) from the certificate that the client proved to hold. The handshake
 * has already checked that the cluster's authority signed it and that it was valid then. Whether it
 * is revoked is asked here, at each call, so that it matters over a connection that stands, too.
 */
public final class CertificateCallers implements CallerSource {
  private final Supplier<ImmutableSet<BigInteger>> revoked;

  /** With the serial numbers of the certificates that count no longer. */
  public CertificateCallers(Supplier<ImmutableSet<BigInteger>> revoked) {
    this.revoked = revoked;
  }

  @Override
  public Identification identify(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return new Identification.Unknown(
          "The call came without TLS: a client certificate is needed");
    }
    return identify(session);
  }

  /** Whoever is at the other end of the TLS session. */
  public Identification identify(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length > 0 && chain[0] instanceof X509Certificate certificate) {
        return revoked.get().contains(certificate.getSerialNumber())
            ? revoked(certificate)
            : identify(certificate.getSubjectX500Principal());
      }
    } catch (SSLPeerUnverifiedException e) {
      // Answered below like an empty chain.
    }
    return new Identification.Unknown("The call came without a client certificate");
  }

  private static Identification revoked(X509Certificate certificate) {
    return new Identification.Unknown(
        "The client certificate of '%s' with the serial number %s is revoked: ask for a new one"
            .formatted(
                certificate.getSubjectX500Principal().getName(),
                certificate.getSerialNumber().toString(16)));
  }

  static Identification identify(X500Principal subject) {
    Optional<String> name = attribute(subject, "CN");
    Optional<CallerRole> role = attribute(subject, "OU").flatMap(CallerRole::named);
    if (name.isEmpty() || role.isEmpty()) {
      return new Identification.Unknown(
          "The client certificate of '%s' names no role (expected: CN=<name>, OU=%s)"
              .formatted(subject.getName(), CallerRole.anyOf(List.of(CallerRole.values()))));
    }
    return new Identification.Known(new Caller(name.get(), role.get()));
  }

  /** The value of an attribute that occurs exactly once; several would be a doubtful identity. */
  static Optional<String> attribute(X500Principal subject, String type) {
    try {
      List<String> values =
          new LdapName(subject.getName(X500Principal.RFC2253))
              .getRdns().stream()
                  .filter(rdn -> rdn.getType().equalsIgnoreCase(type))
                  .map(Rdn::getValue)
                  .map(String::valueOf)
                  .toList();
      return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }
}
