package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableSet;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The certificates and their keys: {@code SCOPE/GENERATION/authority.pem} and, beside it, {@code
 * KIND/NAME.pem}, each with the key and the certificate.
 */
final class CertificateStore {
  private final Shelf folder;

  CertificateStore(Shelf folder) {
    this.folder = folder;
  }

  void create(String cluster, int generation, Instant now) {
    for (Scope scope : Scope.values()) {
      CertificateAuthority made = CertificateAuthority.create(cluster, scope, generation, now);
      folder.write(authorityFile(scope, generation), Pem.both(made.own()));
    }
  }

  void delete(int generation) {
    for (Scope scope : Scope.values()) {
      folder.delete(folderOf(scope, generation));
    }
  }

  CertificateAuthority authority(Scope scope, int generation) {
    String file = authorityFile(scope, generation);
    KeyedCertificate own =
        folder
            .read(file)
            .map(text -> parsed(file, text, "restore it from a backup"))
            .orElseThrow(() ->
                new AuthorityException(
                    folder.path(file)
                        + " is missing: restore it from a backup. Without it nothing can be issued"
                        + " that the hosts trust."));
    return new CertificateAuthority(own);
  }

  /** A certificate as it lies there, if it can be used at all; not checked. */
  Optional<KeyedCertificate> peek(Kind kind, String name, int generation) {
    try {
      return folder.read(file(kind, name, generation)).map(Pem::parse);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** A certificate as it lies there, checked; made where none was ever issued. */
  Kept<Identity> leaf(State state, Leaf leaf, Instant now) {
    int generation = state.authorities().issuing();
    if (state.hasRevoked(generation, leaf.kind(), leaf.name())) {
      // He left and came back: what lies there counts no longer.
      return issue(state, leaf, now);
    }
    String file = file(leaf.kind(), leaf.name(), generation);
    Optional<String> text = folder.read(file);
    if (text.isEmpty() && state.hasIssued(generation, leaf.kind(), leaf.name())) {
      throw new AuthorityException(
          "%s is missing, and the %s was given out: restore it from a backup, or run `%s`."
              .formatted(folder.path(file), leaf.described(), remedy(leaf)));
    }
    if (text.isEmpty()) {
      return issue(state, leaf, now);
    }
    String remedy = "restore it from a backup, or run `" + remedy(leaf) + "`";
    KeyedCertificate kept = parsed(file, text.get(), remedy);
    if (!authority(leaf.kind().scope(), generation).issued(kept.certificate())) {
      throw damaged(file, "this authority did not issue its certificate", remedy);
    }
    requireFitting(file, leaf, kept.certificate());
    return new Kept<>(remembered(state, leaf, kept), kept.identity());
  }

  /** Makes a certificate in place of what may be there. */
  Kept<Identity> issue(State state, Leaf leaf, Instant now) {
    int generation = state.authorities().issuing();
    KeyedCertificate made = authority(leaf.kind().scope(), generation).issue(leaf, now);
    folder.write(file(leaf.kind(), leaf.name(), generation), Pem.both(made));
    return new Kept<>(remembered(state, leaf, made), made.identity());
  }

  private static State remembered(State state, Leaf leaf, KeyedCertificate kept) {
    return state.knows(kept.serial())
        ? state
        : state.with(
            new State.Issued(
                state.authorities().issuing(),
                leaf.kind(),
                leaf.name(),
                kept.serial(),
                kept.until()));
  }

  private void requireFitting(String file, Leaf leaf, X509Certificate certificate) {
    if (!certificate.getSubjectX500Principal().equals(CertificateAuthority.subject(leaf))) {
      throw new AuthorityException(
          "The %s names '%s' and no longer fits the cluster file (expected: '%s'): run `%s`. It lies at %s."
              .formatted(
                  leaf.described(),
                  certificate.getSubjectX500Principal().getName(),
                  CertificateAuthority.subject(leaf).getName(),
                  remedy(leaf),
                  folder.path(file)));
    }
    ImmutableSet<String> names = alternativeNames(certificate);
    ImmutableSet<String> expected =
        leaf.host()
            .map(host -> ImmutableSet.of(host.id(), host.address()))
            .orElse(ImmutableSet.of());
    if (!names.equals(expected)) {
      throw new AuthorityException(
          "The %s holds for %s, but the cluster file says %s: run `%s`, which issues all certificates anew, or restore the former address. It lies at %s."
              .formatted(
                  leaf.described(),
                  String.join(", ", names),
                  String.join(", ", expected),
                  remedy(leaf),
                  folder.path(file)));
    }
  }

  private static ImmutableSet<String> alternativeNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? ImmutableSet.of()
          : names.stream()
              .map(name -> String.valueOf(name.get(1)))
              .collect(ImmutableSet.toImmutableSet());
    } catch (CertificateParsingException _) {
      return ImmutableSet.of();
    }
  }

  private KeyedCertificate parsed(String file, String text, String remedy) {
    try {
      return Pem.parse(text);
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()), remedy);
    }
  }

  private AuthorityException damaged(String file, String why, String remedy) {
    return new AuthorityException(
        "%s cannot be used, %s: %s.".formatted(folder.path(file), why, remedy));
  }

  private static String remedy(Leaf leaf) {
    return leaf.kind() == Kind.OPERATOR
        ? "understudy cluster rotate operator " + leaf.name()
        : "understudy cluster rotate certificates";
  }

  private static String file(Kind kind, String name, int generation) {
    return folderOf(kind.scope(), generation) + "/" + kind.folder() + "/" + name + ".pem";
  }

  private static String authorityFile(Scope scope, int generation) {
    return folderOf(scope, generation) + "/authority.pem";
  }

  private static String folderOf(Scope scope, int generation) {
    return scope.word() + "/" + generation;
  }
}
