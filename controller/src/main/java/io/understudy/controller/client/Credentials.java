package io.understudy.controller.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The operator's certificate and key and the cluster's authority, read and checked: each file that
 * is missing, unreadable, expired or readable by others gets its own sentence.
 */
public final class Credentials {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
  private static final Set<PosixFilePermission> NOT_FOR_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final SSLSocketFactory sockets;

  private Credentials(SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  /** Reads the three files of a context. */
  public static Credentials read(Context context, InstantSource clock) {
    X509Certificate[] chain = certificates("certificate", context.certificate());
    X509Certificate[] authority = certificates("authority", context.authority());
    refuseExpired("certificate", context.certificate(), chain[0], clock);
    for (X509Certificate certificate : authority) {
      refuseExpired("authority", context.authority(), certificate, clock);
    }
    PrivateKey key = privateKey(context.key(), chain[0].getPublicKey().getAlgorithm());
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (int index = 0; index < authority.length; index++) {
        trusted.setCertificateEntry("authority-" + index, authority[index]);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext tls = SSLContext.getInstance("TLSv1.3");
      tls.init(new KeyManager[] {new OneKey(chain, key)}, trust.getTrustManagers(), null);
      return new Credentials(tls.getSocketFactory());
    } catch (GeneralSecurityException | IOException e) {
      throw Failure.usage(
          "certificate " + context.certificate() + ": cannot be used (" + e.getMessage() + ")");
    }
  }

  SSLSocketFactory sockets() {
    return sockets;
  }

  private static X509Certificate[] certificates(String what, Path file) {
    try {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(what, file)));
      if (!found.isEmpty()) {
        return found.toArray(X509Certificate[]::new);
      }
    } catch (CertificateException e) {
      // The sentence below says the same better.
    }
    throw Failure.usage(what + " " + file + ": holds no certificate (expected: PEM)");
  }

  private static void refuseExpired(
      String what, Path file, X509Certificate certificate, InstantSource clock) {
    if (clock.instant().isAfter(certificate.getNotAfter().toInstant())) {
      throw Failure.usage(
          what
              + " "
              + file
              + ": expired on "
              + certificate.getNotAfter().toInstant()
              + "; render a new bundle and install its certificates");
    }
    if (clock.instant().isBefore(certificate.getNotBefore().toInstant())) {
      throw Failure.usage(
          what
              + " "
              + file
              + ": is not valid before "
              + certificate.getNotBefore().toInstant()
              + "; check this machine's clock");
    }
  }

  private static PrivateKey privateKey(Path file, String algorithm) {
    String text = new String(bytes("key", file), StandardCharsets.ISO_8859_1);
    refuseReadableByOthers(file);
    Matcher matcher = PKCS8.matcher(text);
    if (!matcher.find()) {
      throw Failure.usage(
          "key "
              + file
              + ": holds no unencrypted PKCS #8 key; convert it with `openssl pkcs8 -topk8"
              + " -nocrypt -in OLD -out NEW`");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (InvalidKeySpecException | IllegalArgumentException e) {
      throw Failure.usage(
          "key "
              + file
              + ": does not belong to the certificate, which needs a key of "
              + algorithm);
    } catch (GeneralSecurityException e) {
      throw Failure.usage("key " + file + ": keys of " + algorithm + " are not supported");
    }
  }

  private static void refuseReadableByOthers(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(NOT_FOR_OTHERS::contains)) {
        throw Failure.usage(
            "key "
                + file
                + ": others may read or write it ("
                + PosixFilePermissions.toString(permissions)
                + "); run `chmod 600 "
                + file
                + "`");
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw Failure.usage("key " + file + ": cannot see who may read it (" + e.getMessage() + ")");
    }
  }

  private static byte[] bytes(String what, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw Failure.usage(
          what
              + " "
              + file
              + ": no such file; correct the context or install the operator's bundle");
    } catch (IOException e) {
      throw Failure.usage(what + " " + file + ": cannot be read (" + e.getMessage() + ")");
    }
  }

  /** Always the one key. A key store would encrypt it first, which takes longer than the call. */
  private static final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "operator";

    private final X509Certificate[] chain;
    private final PrivateKey key;

    OneKey(X509Certificate[] chain, PrivateKey key) {
      this.chain = chain;
      this.key = key;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chosen(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return chosen(keyTypes);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[0];
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    private @Nullable String chosen(String[] keyTypes) {
      for (String keyType : keyTypes) {
        if (keyType.equals(key.getAlgorithm())) {
          return ALIAS;
        }
      }
      return null;
    }
  }
}
