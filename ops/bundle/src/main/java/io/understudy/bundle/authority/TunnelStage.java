package io.understudy.bundle.authority;

import java.util.Locale;

/**
 * How far the tunnel's keys have been rotated. Each stage may reach the hosts in any order: those
 * of one stage and those of the next can talk, because both hold the interface that the others send
 * by.
 *
 * <pre>
 * STEADY     one interface
 * INTRODUCED both, routes prefer the old one
 * PREFERRED  both, routes prefer the new one
 * STEADY     the new one alone
 * </pre>
 */
enum TunnelStage {
  STEADY,
  INTRODUCED,
  PREFERRED;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
