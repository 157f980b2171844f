package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * A certificate that has expired, or soon will. It is reported and never replaced unasked: what is
 * replaced has to be installed on hosts, and only people know when.
 *
 * @param what e.g. {@code node certificate of alpha}
 * @param remedy the command that replaces it
 */
@Immutable
public record Expiry(String what, Instant until, boolean expired, String remedy) {
  /** Time enough to notice, and to install bundles on all hosts. */
  static final Duration LEAF_NOTICE = Duration.ofDays(45);

  /** Three stages, each of them installed everywhere. */
  static final Duration AUTHORITY_NOTICE = Duration.ofDays(365);

  /** Everything in the material that expires within the time of notice, or has expired. */
  public static ImmutableList<Expiry> of(Material material, Instant now) {
    ImmutableList.Builder<Expiry> found = ImmutableList.builder();
    String authorities = "understudy cluster rotate certificates --authorities";
    for (Instant until : untils(material.apiTrust())) {
      add(found, "authority of the API", until, AUTHORITY_NOTICE, authorities, now);
    }
    for (Instant until : untils(material.coordinationTrust())) {
      add(found, "authority of coordination", until, AUTHORITY_NOTICE, authorities, now);
    }
    leaves(found, "node certificate of ", material.nodes(), now);
    leaves(found, "operator certificate of ", material.operators(), now);
    leaves(found, "ZooKeeper client certificate of ", material.coordinationClients(), now);
    leaves(found, "ZooKeeper server certificate of ", material.coordinationServers(), now);
    return found.build();
  }

  /** For people. */
  public String sentence() {
    return "The %s %s on %s: run `%s`, render, and install the bundles."
        .formatted(
            what,
            expired ? "expired" : "expires",
            until.atZone(ZoneOffset.UTC).toLocalDate(),
            remedy);
  }

  private static void leaves(
      ImmutableList.Builder<Expiry> found,
      String what,
      ImmutableMap<String, Identity> identities,
      Instant now) {
    identities.forEach((name, identity) ->
        add(
            found,
            what + name,
            identity.until(),
            LEAF_NOTICE,
            "understudy cluster rotate certificates",
            now));
  }

  private static void add(
      ImmutableList.Builder<Expiry> found,
      String what,
      Instant until,
      Duration notice,
      String remedy,
      Instant now) {
    if (now.plus(notice).isAfter(until)) {
      found.add(new Expiry(what, until, !now.isBefore(until), remedy));
    }
  }

  private static ImmutableList<Instant> untils(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .stream()
          .map(each -> ((X509Certificate) each).getNotAfter().toInstant())
          .collect(ImmutableList.toImmutableList());
    } catch (CertificateException e) {
      throw new IllegalArgumentException("no certificates", e);
    }
  }
}
