package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The gRPC endpoint for operators and peers.
 *
 * @param advertise the address that peers and operators are told
 * @param revoked the list of certificates that count no longer; empty: none is revoked
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record ApiConfig(
    HostAndPort listen, HostAndPort advertise, TlsFiles tls, Optional<Path> revoked) {

  /** The serial numbers of revoked certificates, now and whenever the file changes. */
  public Reloaded<ImmutableSet<BigInteger>> revokedSerials() throws DriverException {
    return revoked.isPresent()
        ? RevokedFile.reloaded(revoked.get())
        : Reloaded.of("revoked", ImmutableList.of(), ImmutableSet::of);
  }
}
