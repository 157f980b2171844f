package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;

/** The kinds of certificates. */
enum Kind {
  NODE(Scope.API, "node", "nodes", true),
  OPERATOR(Scope.API, "operator", "operators", false),
  CLIENT(Scope.COORDINATION, "client", "clients", false),
  SERVER(Scope.COORDINATION, "server", "servers", true);

  static final ImmutableList<Kind> ALL = ImmutableList.copyOf(values());

  private final Scope scope;
  private final String word;
  private final String folder;
  private final boolean serves;

  Kind(Scope scope, String word, String folder, boolean serves) {
    this.scope = scope;
    this.word = word;
    this.folder = folder;
    this.serves = serves;
  }

  /** Whose authority issues it. */
  Scope scope() {
    return scope;
  }

  /** As the ledger calls it. */
  String word() {
    return word;
  }

  /** Where its files lie, within the authority's. */
  String folder() {
    return folder;
  }

  /** Whether its owner is called by others too; all call. */
  boolean serves() {
    return serves;
  }

  /** For sentences: {@code node certificate of alpha}. */
  String described(String name) {
    return switch (this) {
      case NODE -> "node certificate of " + name;
      case OPERATOR -> "operator certificate of " + name;
      case CLIENT -> "ZooKeeper client certificate of " + name;
      case SERVER -> "ZooKeeper server certificate of " + name;
    };
  }
}
