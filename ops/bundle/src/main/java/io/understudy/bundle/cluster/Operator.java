package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;

/**
 * A person with a certificate.
 *
 * @param host the id of the operator host whose bundle holds it
 */
@Immutable
public record Operator(String name, Role role, String host) {
  /** What the certificate entitles to. */
  public enum Role {
    OPERATOR,
    VIEWER
  }
}
