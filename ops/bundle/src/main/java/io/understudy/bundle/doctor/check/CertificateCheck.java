package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.PemFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/** Whether each certificate is still good, has its key, its authority and the host's address. */
final class CertificateCheck implements Check {
  private static final Duration ENDING = Duration.ofDays(30);
  private static final int ADDRESS_NAME = 7;
  private static final String RENEW =
      "understudy cluster rotate certificates, render, and run install.sh";
  private static final String REINSTALL = "run the bundle's install.sh";

  @Override
  public String subject() {
    return "certificates";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    for (CertificateFiles files : manifest.certificates()) {
      findings.addAll(findings(files, machine));
    }
    manifest.certificates().stream()
        .map(CertificateFiles::authority)
        .distinct()
        .forEach(authority -> findings.addAll(authority(authority, machine)));
    return findings.build();
  }

  private static List<Finding> findings(CertificateFiles files, Machine machine) {
    for (String path : List.of(files.certificate(), files.key(), files.authority())) {
      if (machine.text(path) instanceof Answer.Unknown<String> unknown) {
        // What is missing is among the files that are missing.
        return unknown.cause() == Answer.Cause.ABSENT
            ? List.of()
            : List.of(Unanswered.file(path, unknown));
      }
    }
    String damaged = files.certificate();
    try {
      PemFile own = pem(files.certificate(), machine);
      damaged = files.key();
      Optional<PrivateKey> key = pem(files.key(), machine).key();
      damaged = files.authority();
      ImmutableList<X509Certificate> authorities = pem(files.authority(), machine).certificates();
      if (own.certificates().isEmpty() || key.isEmpty() || authorities.isEmpty()) {
        return List.of(
            unreadable(
                own.certificates().isEmpty()
                    ? files.certificate()
                    : key.isEmpty() ? files.key() : files.authority(),
                "it holds no PEM block of the kind that belongs there"));
      }
      return judge(files, own.certificates(), key.get(), authorities, machine.now());
    } catch (IOException e) {
      return List.of(unreadable(damaged, String.valueOf(e.getMessage())));
    }
  }

  private static PemFile pem(String path, Machine machine) throws IOException {
    return switch (machine.text(path)) {
      case Answer.Known<String>(String text) -> PemFile.parse(text);
      case Answer.Unknown<String> unknown -> throw new IOException(unknown.sentence());
    };
  }

  private static Finding unreadable(String path, String why) {
    return new Finding(
        Symptom.CERTIFICATE_UNREADABLE, path, "The file cannot be used: " + why + ".", REINSTALL);
  }

  private static List<Finding> judge(
      CertificateFiles files,
      ImmutableList<X509Certificate> chain,
      PrivateKey key,
      ImmutableList<X509Certificate> authorities,
      Instant now) {
    String path = files.certificate();
    X509Certificate leaf = chain.getFirst();
    List<Finding> findings = new ArrayList<>();
    findings.add(days(path, leaf, now));
    if (!belongs(key, leaf.getPublicKey())) {
      findings.add(
          new Finding(
              Symptom.CERTIFICATE_KEY_OTHER,
              path,
              "The key in " + files.key() + " does not belong to the certificate.",
              REINSTALL));
    }
    trouble(chain, authorities, now)
        .ifPresent(why ->
            findings.add(
                new Finding(
                    Symptom.CERTIFICATE_UNTRUSTED,
                    path,
                    "The authorities in " + files.authority() + " did not issue it: " + why + ".",
                    REINSTALL)));
    if (!files.address().isEmpty() && !addresses(leaf).contains(files.address())) {
      findings.add(
          new Finding(
              Symptom.CERTIFICATE_ADDRESS_MISSING,
              path,
              "The certificate names "
                  + addresses(leaf)
                  + " and not this host's address "
                  + files.address()
                  + ", so that others refuse it.",
              RENEW));
    }
    return findings;
  }

  private static List<Finding> authority(String path, Machine machine) {
    try {
      return pem(path, machine).certificates().stream()
          .map(certificate -> days(path, certificate, machine.now()))
          .toList();
    } catch (IOException _) {
      // Said already, with the certificate that it belongs to.
      return List.of();
    }
  }

  private static Finding days(String path, X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      return new Finding(
          Symptom.CERTIFICATE_NOT_YET_VALID,
          path,
          "The certificate is valid from "
              + from
              + " on: the clock is wrong here, or was where it"
              + " was issued.",
          "timedatectl");
    }
    if (!now.isBefore(until)) {
      return new Finding(
          Symptom.CERTIFICATE_EXPIRED, path, "The certificate expired at " + until + ".", RENEW);
    }
    Duration left = Duration.between(now, until);
    if (left.compareTo(ENDING) < 0) {
      return new Finding(
          Symptom.CERTIFICATE_ENDING,
          path,
          "The certificate expires in " + left.toDays() + " days, at " + until + ".",
          RENEW);
    }
    return Finding.healthy(path, "The certificate is good for " + left.toDays() + " days more.");
  }

  private static boolean belongs(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "EC", "ECDSA" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    byte[] words = "whoever signs this has the key".getBytes(StandardCharsets.UTF_8);
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(words);
      byte[] signature = signing.sign();
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(publicKey);
      verifying.update(words);
      return verifying.verify(signature);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** Dates are judged apart, so the chain is looked at on a day when the leaf was good. */
  private static Optional<String> trouble(
      ImmutableList<X509Certificate> chain,
      ImmutableList<X509Certificate> authorities,
      Instant now) {
    X509Certificate leaf = chain.getFirst();
    Instant until = leaf.getNotAfter().toInstant();
    Instant from = leaf.getNotBefore().toInstant();
    Instant day = now.isBefore(from) ? from : now.isAfter(until) ? until : now;
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              authorities.stream()
                  .map(authority -> new TrustAnchor(authority, null))
                  .collect(ImmutableSet.toImmutableSet()));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(day));
      var _ =
          CertPathValidator.getInstance("PKIX")
              .validate(
                  CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static ImmutableList<String> addresses(X509Certificate certificate) {
    try {
      var names = certificate.getSubjectAlternativeNames();
      return names == null
          ? ImmutableList.of()
          : names.stream()
              .filter(name -> Integer.valueOf(ADDRESS_NAME).equals(name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .collect(ImmutableList.toImmutableList());
    } catch (CertificateParsingException _) {
      return ImmutableList.of();
    }
  }
}
