package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** Bundles on their way to the hosts, as an administrator carries them. */
final class HostsInstall {
  static final String BUNDLE = "/root/bundle";
  static final String PACKAGES = "/root/debs";
  static final String SECRETS = "/root/secrets";
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(15);

  private HostsInstall() {}

  /** Renders the bundles anew. */
  static void render(HostsWorld world) {
    var _ = world.administrates("cluster", "render", "--out", "bundles");
  }

  /** Carries the bundle of the host there and runs its script, which has to succeed. */
  static String install(HostsWorld world, DebianHost host) {
    carry(world, host);
    return script(host, "install.sh", "--debs", PACKAGES, "--secrets", SECRETS);
  }

  /** Replaces the bundle that lies on the host. */
  static void carry(HostsWorld world, DebianHost host) {
    Path target = host.disk(BUNDLE);
    if (Files.exists(target)) {
      PrivateFiles.deleteTree(target);
    }
    copyTree(world.bundle(host), target);
  }

  /** Runs a script of the bundle; it has to succeed. */
  static String script(DebianHost host, String script, String... arguments) {
    Finished finished = anyhow(host, script, arguments);
    if (finished.exitCode() != 0) {
      throw new LabException(
          "%s: %s %s ended with status %d: %s"
              .formatted(
                  host.id(),
                  script,
                  String.join(" ", arguments),
                  finished.exitCode(),
                  finished.output().strip()));
    }
    return finished.output();
  }

  /** The same, whatever its exit status. */
  static Finished anyhow(DebianHost host, String script, String... arguments) {
    ImmutableList<String> command =
        ImmutableList.<String>builder().add(BUNDLE + "/" + script).add(arguments).build();
    return host.run(INSTALL_LIMIT, command.toArray(String[]::new));
  }

  /** Copies a file of this machine to the host; it belongs to root there. */
  static void put(Path file, DebianHost host, String target) {
    try {
      Files.createDirectories(host.disk(target).getParent());
      var _ =
          Files.copy(
              file,
              host.disk(target),
              StandardCopyOption.REPLACE_EXISTING,
              StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot copy " + file + " to " + host.id(), e);
    }
  }

  static void copyTree(Path from, Path to) {
    Finished finished =
        Finished.run(
            INSTALL_LIMIT,
            "cp",
            ImmutableList.of("cp", "-a", "--", from.toString(), to.toString()));
    if (finished.exitCode() != 0) {
      throw new LabException(finished.output().strip());
    }
  }
}
