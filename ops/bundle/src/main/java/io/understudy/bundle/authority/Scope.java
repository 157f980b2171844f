package io.understudy.bundle.authority;

import java.util.Locale;

/** What one certificate authority is for. Neither accepts what the other issued. */
enum Scope {
  /** The nodes' API: nodes and operators. */
  API,
  /** ZooKeeper: its servers and the nodes as its clients. */
  COORDINATION;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
