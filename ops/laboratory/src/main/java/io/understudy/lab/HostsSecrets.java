package io.understudy.lab;

import java.nio.file.Path;
import java.security.SecureRandom;

/** The brokerage user of the hosts' lab: its secrets, and the story of where they are. */
final class HostsSecrets {
  private HostsSecrets() {}

  /** Draws the secrets, and writes them as the broker and install.sh want them. */
  static void draw(HostsWorld world) {
    Path folder = PrivateFiles.directory(world.folder().resolve("secrets"));
    LabSecrets secrets =
        LabSecrets.write(folder, 1, LabSettings.SecondFactor.TOTP, new SecureRandom());
    var _ =
        PrivateFiles.write(world.folder().resolve("users.json"), LabPositions.users(secrets, 1));
    Path credentials = credentials(world);
    var _ = PrivateFiles.write(credentials.resolve("live-username"), LabCluster.USER + "\n");
    var _ = PrivateFiles.write(credentials.resolve("live-password"), secrets.password() + "\n");
    var _ =
        PrivateFiles.write(
            credentials.resolve("live-totp"), secrets.totpSecret().orElseThrow() + "\n");
  }

  /** The folder that an administrator carries to the nodes, and removes again. */
  static Path credentials(HostsWorld world) {
    return PrivateFiles.directory(world.folder().resolve("credentials"));
  }

  /** Looks for the secrets themselves in everything that a host has ever written to its disk. */
  static String segmented(HostsScene scene) {
    HostsWorld world = scene.world();
    String found = world.plumbing("find_secrets", credentials(world).toString());
    for (String line : found.lines().toList()) {
      String[] fields = line.split(" ", 2);
      DebianHost host = world.byId(fields[0]);
      if (!host.node() || !fields[1].startsWith("/etc/understudy/credentials/")) {
        throw new LabException("A secret of the gateway lies on " + line);
      }
      String mode = host.says("stat", "-c", "%a %U:%G", fields[1]);
      if (!mode.equals("600 root:root")) {
        throw new LabException("%s has mode and owner %s".formatted(line, mode));
      }
    }
    long files = found.lines().count();
    long expected = 3L * world.nodes().size();
    if (files != expected) {
      throw new LabException(
          "Expected the secrets in %d files of nodes, found: %s".formatted(expected, found));
    }
    expectUnreadable(world);
    return files + " files, all on nodes, 0600 root:root";
  }

  /** The daemon's user reads them while the daemon runs, from memory, and by no other way. */
  private static void expectUnreadable(HostsWorld world) {
    for (DebianHost node : world.nodes()) {
      if (node.succeeds(
          "setpriv",
          "--reuid=understudy",
          "--regid=understudy",
          "--clear-groups",
          "cat",
          "/etc/understudy/credentials/live-password")) {
        throw new LabException("The daemon's user reads the files of secrets of " + node.id());
      }
    }
  }
}
