package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import io.understudy.settings.Format;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;

/**
 * PEM files of one end of a mutually authenticated connection.
 *
 * @param certificate own certificate, followed by intermediate ones
 * @param key its private key, PKCS#8, a secret file
 * @param authority whose certificates are trusted
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record TlsFiles(Path certificate, Path key, Path authority) {
  /**
   * Reads and checks the files, now and whenever they change.
   *
   * @param name in the log
   */
  public Reloaded<TlsMaterial> reloaded(String name, InstantSource clock) throws DriverException {
    return Reloaded.of(name, ImmutableList.of(certificate, key, authority), () -> read(clock));
  }

  private TlsMaterial read(InstantSource clock) throws DriverException {
    try {
      ImmutableList<X509Certificate> chain = PemFile.certificates(certificate, clock.instant());
      return new TlsMaterial(
          PemFile.key(key, chain.getFirst())
              .orElseThrow(() ->
                  new Format.Rejected(
                      key + ": not the key of " + certificate + " (install the matching pair)")),
          chain,
          PemFile.certificates(authority, clock.instant()));
    } catch (Format.Rejected e) {
      throw DriverException.permanentError(e.sentence());
    }
  }
}
