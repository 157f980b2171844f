package io.understudy.bundle.authority;

import com.google.errorprone.annotations.Immutable;

/** What can be replaced while the cluster serves. */
@Immutable
public sealed interface Rotation {
  /** All keys of the tunnel, in three stages. */
  @Immutable
  record TunnelKeySet() implements Rotation {}

  /** All certificates, issued anew by the same authorities, in one stage. */
  @Immutable
  record Certificates() implements Rotation {}

  /** Both certificate authorities and all certificates, in three stages. */
  @Immutable
  record Authorities() implements Rotation {}

  /** One operator's certificate, in two stages; in one when the former one was revoked. */
  @Immutable
  record OperatorCertificate(String name) implements Rotation {}
}
