package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where a page's commands are typed: the operator's machine, with a folder of its own and the real
 * command line, and the hosts. A shell runs them. Since nobody sits there, the command line is
 * given {@code --yes} where it would ask. What is a path on a host is one of the lab's folders
 * here.
 */
final class RunbookShell {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String PROGRAM =
      """
      #!/bin/bash
      case "${1:-} ${2:-}" in
        'cluster rotate' | 'cluster revoke') [ "${3:-}" = status ] || set -- "$@" --yes ;;
        'drill run' | 'drill abort') set -- "$@" --yes ;;
        login* | logout* | failover* | reconcile* | pause* | resume* | halt* | unhalt* | unlock*) set -- "$@" --yes ;;
      esac
      exec "COMMAND-LINE" "$@"
      """;

  private final Path desk;
  private final Path programs;
  private final Optional<LabCluster> cluster;
  private final Installation installation;

  private RunbookShell(Path desk, Path programs, Optional<LabCluster> cluster) {
    this.desk = desk;
    this.programs = programs;
    this.cluster = cluster;
    this.installation = Installation.find();
  }

  /** With an empty folder below the given one. */
  static RunbookShell open(Path directory, Optional<LabCluster> cluster) {
    Path programs = PrivateFiles.directory(directory.resolve("programs"));
    Path program =
        PrivateFiles.write(
            programs.resolve("understudy"),
            PROGRAM.replace("COMMAND-LINE", Installation.find().commandLine().toString()));
    try {
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + program + " a program", e);
    }
    Path desk = directory.resolve("desk");
    if (Files.exists(desk)) {
      PrivateFiles.deleteTree(desk);
    }
    return new RunbookShell(PrivateFiles.directory(desk), programs, cluster);
  }

  /** On the operator's machine. */
  Finished types(String command) {
    return run(command, command);
  }

  /** As root on a host of the cluster. */
  Finished types(String host, String command) {
    String here = command;
    ImmutableMap<String, String> paths = paths(host);
    for (Map.Entry<String, String> path : paths.entrySet()) {
      here = here.replace(path.getKey(), path.getValue());
    }
    Finished finished = run(command, here);
    String output = finished.output();
    for (Map.Entry<String, String> path : paths.entrySet()) {
      output = output.replace(path.getValue(), path.getKey());
    }
    return new Finished(finished.exitCode(), output, finished.wall());
  }

  private Finished run(String shown, String command) {
    return Finished.run(
        LIMIT,
        shown,
        ImmutableList.of(
            "env",
            "PATH=" + programs + ":" + System.getenv("PATH"),
            "JAVA_HOME=" + System.getProperty("java.home"),
            "UNDERSTUDY_CONFIG=" + contexts(),
            "bash",
            "-c",
            "cd " + desk + " || exit\n" + command));
  }

  private Path contexts() {
    return cluster.map(each -> each.commandLine().contexts()).orElse(desk.resolve("none.yaml"));
  }

  /** What a path of a host is here, the longer ones first. */
  private ImmutableMap<String, String> paths(String host) {
    LabCluster lab = cluster.orElseThrow(() -> new LabException("There is no host " + host));
    Path directory = lab.directory();
    Path secrets = directory.resolve("secrets");
    return ImmutableMap.<String, String>builder()
        .put("/opt/understudy/node/bin", installation.root().resolve("node/bin").toString())
        .put(
            "/etc/understudy/understudyd.yaml",
            directory.resolve("node-" + host).resolve("understudyd.yaml").toString())
        .put("/etc/understudy/credentials/live-totp", secrets.resolve("totp-secret").toString())
        .put("/etc/understudy/credentials/live-password", secrets.resolve("password").toString())
        .put(
            "/var/lib/understudy-zookeeper",
            directory.resolve("zookeeper-" + host).resolve("data").toString())
        .put(
            "/var/lib/understudy",
            LabWorld.stateDirectory(directory, host, LabCluster.NAME).toString())
        .buildOrThrow();
  }
}
