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

  Verdict<TunnelStage> on(Signal signal) {
    return switch (signal) {
      case ADVANCE ->
          switch (this) {
            case STEADY -> Verdict.go(INTRODUCED);
            case INTRODUCED -> Verdict.go(PREFERRED);
            case PREFERRED -> Verdict.go(STEADY);
          };
      case ABORT ->
          switch (this) {
            case STEADY ->
                Verdict.refused(
                    "The tunnel's keys are not being rotated: there is nothing to abort.");
            case INTRODUCED -> Verdict.go(STEADY);
            case PREFERRED -> Verdict.go(INTRODUCED);
          };
      case REVOKE ->
          Verdict.refused(
              "The tunnel's keys are not revoked but rotated: run `understudy cluster rotate"
                  + " wireguard`.");
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
