package io.understudy.controller.client;

import java.nio.file.Path;
import java.util.List;

/**
 * One cluster as an operator reaches it.
 *
 * @param name what {@code --context} takes
 * @param endpoints any of the cluster's nodes, at least one; the leader is found from them
 * @param certificate the operator's certificate chain, PEM
 * @param key its private key, PEM, unencrypted PKCS #8; readable by its owner only
 * @param authority the certificates of the cluster's authority, PEM
 */
public record Context(
    String name, List<Endpoint> endpoints, Path certificate, Path key, Path authority) {
  public Context {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("endpoints: none (expected: at least one)");
    }
    endpoints = List.copyOf(endpoints);
  }
}
