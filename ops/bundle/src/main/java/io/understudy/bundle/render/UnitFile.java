package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;

/** The hardening that all units share, and where units lie. */
final class UnitFile {
  private static final String FOLDER = "/etc/systemd/system/";

  /**
   * What none of the programs needs. Each unit adds what fits it alone: network, calls of the
   * kernel, namespaces, capabilities, other processes.
   */
  private static final ImmutableList<String> COMMON =
      ImmutableList.of(
          "NoNewPrivileges=yes",
          "UMask=0077",
          "LimitCORE=0",
          "KeyringMode=private",
          "ProtectSystem=strict",
          "ProtectHome=yes",
          "PrivateTmp=yes",
          "PrivateDevices=yes",
          "PrivateMounts=yes",
          "ProtectClock=yes",
          "ProtectHostname=yes",
          "ProtectControlGroups=yes",
          "ProtectKernelLogs=yes",
          "ProtectKernelModules=yes",
          "ProtectKernelTunables=yes",
          "RemoveIPC=yes",
          "LockPersonality=yes",
          "RestrictRealtime=yes",
          "RestrictSUIDSGID=yes",
          "SystemCallArchitectures=native",
          "SystemCallErrorNumber=EPERM");

  private UnitFile() {}

  static RenderedFile of(String name, String text) {
    return RenderedFile.open(FOLDER + name, text);
  }

  static String hardening(String... more) {
    return "\n# Hardening; docs/bundles.md says what is left out, and why.\n"
        + String.join("\n", COMMON)
        + "\n"
        + String.join("\n", more)
        + "\n";
  }
}
