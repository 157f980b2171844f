package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Stories of how a cluster comes to be, and how it goes. */
final class HostsSetup {
  private static final Duration LOGIN_LIMIT = Duration.ofMinutes(4);
  private static final Duration UNITS_LIMIT = Duration.ofMinutes(5);
  private static final String POSITIONS = "/var/lib/understudy/positions/live.json";

  private HostsSetup() {}

  /** An empty folder, the command line, and in the end a bundle for each host. */
  static String bundles(HostsScene scene) {
    HostsWorld world = scene.world();
    Path file = world.cluster().resolve("cluster.yaml");
    if (!Files.exists(file)) {
      initialise(world, file);
    }
    var _ = world.administrates("cluster", "check");
    HostsInstall.render(world);
    Path again = world.folder().resolve("bundles-again");
    var _ = world.administrates("cluster", "render", "--out", again.toString());
    Finished compared =
        Finished.run(
            Duration.ofSeconds(30),
            "diff",
            ImmutableList.of(
                "diff", "-r", world.cluster().resolve("bundles").toString(), again.toString()));
    if (compared.exitCode() != 0) {
      throw new LabException("A second rendering differs: " + compared.output().strip());
    }
    PrivateFiles.deleteTree(again);
    world.writeTable();
    HostsSecrets.draw(world);
    return world.hosts().size() + " bundles";
  }

  static String boot(HostsScene scene) {
    scene.world().plumbing("build_world", scene.world().root());
    scene.world().plumbing("start_broker");
    scene.world().broker().awaitReady();
    return "PID 1 of each is systemd "
        + scene.world().host("primary").shell("systemctl --version | head -n 1 | cut -d' ' -f2");
  }

  /** What an administrator does on each host: IBKR's program, the bundle, its script. */
  static String install(HostsScene scene) {
    HostsWorld world = scene.world();
    for (DebianHost host : world.hosts()) {
      HostsInstall.copyTree(world.packages(), host.disk(HostsInstall.PACKAGES));
      if (host.node()) {
        installGateway(world, host);
        HostsInstall.copyTree(HostsSecrets.credentials(world), host.disk(HostsInstall.SECRETS));
      }
      HostsInstall.carry(world, host);
    }
    DebianHost first = world.host("primary");
    expectRefusal(world, first);
    world.hosts().parallelStream().forEach(host -> HostsInstall.install(world, host));
    for (DebianHost node : world.nodes()) {
      Path books = world.folder().resolve("positions.json");
      var _ = PrivateFiles.write(books, LabPositions.expected());
      HostsInstall.put(books, node, POSITIONS);
      node.shell("chown -R understudy:understudy /var/lib/understudy/positions");
    }
    for (DebianHost host : world.hosts()) {
      HostsInstall.install(world, host);
      HostsInstall.script(host, "install.sh", "--check");
      host.shell("rm -rf " + HostsInstall.SECRETS);
    }
    return "on %d hosts; a second run finds nothing to do".formatted(world.hosts().size());
  }

  /** Every unit that the bundles promise is active, none has failed. */
  static String units(HostsScene scene) {
    HostsWorld world = scene.world();
    int units = 0;
    for (DebianHost host : world.hosts()) {
      JsonNode manifest = world.manifest(host.id());
      for (String unit : Streams.stream(manifest.path("units")).map(JsonNode::asText).toList()) {
        if (!Waiting.until(UNITS_LIMIT, Duration.ofMillis(500), () -> host.active(unit))) {
          throw new LabException(
              "%s of %s is not active: %s"
                  .formatted(
                      unit,
                      host.id(),
                      host.run(Duration.ofSeconds(20), "systemctl", "status", "--no-pager", unit)
                          .output()));
        }
        units++;
      }
      String failed = host.says("systemctl", "list-units", "--failed", "--plain", "--no-legend");
      if (!failed.isEmpty()) {
        throw new LabException("Units of %s have failed: %s".formatted(host.id(), failed));
      }
    }
    HostsRotation.expectReach(scene);
    return units + " units";
  }

  static String login(HostsScene scene) {
    var _ =
        scene.operator().types(0, LOGIN_LIMIT, "login", "--reason", "start of the day", "--yes");
    ClusterView view = scene.settled();
    var _ = scene.operator().status(0);
    scene.judge();
    DebianHost leader = scene.world().byId(view.leader().orElseThrow());
    var _ = scene.trading().awaitFirst(leader, System.nanoTime());
    return leader.id() + " serves, trading clients are answered";
  }

  /** Everything that the bundle brought goes; what was there before stays. */
  static String uninstall(HostsScene scene) {
    HostsWorld world = scene.world();
    for (DebianHost host : world.hosts()) {
      var _ = HostsInstall.script(host, "uninstall.sh", "--purge");
      String left = world.plumbing("leftovers", host.id());
      if (!left.isBlank()) {
        throw new LabException("uninstall.sh left on %s: %s".formatted(host.id(), left.strip()));
      }
      String alive =
          host.shell(
              "nft list tables; ip -o link show type tun; pgrep -af ^/opt/understudy/ || true");
      if (!alive.isEmpty()) {
        throw new LabException("uninstall.sh left on %s: %s".formatted(host.id(), alive));
      }
    }
    scene.judge();
    return "nothing of ours is left on %d hosts".formatted(world.hosts().size());
  }

  private static void expectRefusal(HostsWorld world, DebianHost host) {
    Path own = host.disk(HostsInstall.BUNDLE);
    PrivateFiles.deleteTree(own);
    HostsInstall.copyTree(world.bundle(world.other(host)), own);
    Finished foreign = HostsInstall.anyhow(host, "install.sh");
    HostsInstall.carry(world, host);
    if (foreign.exitCode() == 0) {
      throw new LabException(host.id() + " took the bundle of another host");
    }
  }

  private static void installGateway(HostsWorld world, DebianHost node) {
    Finished finished =
        Finished.run(
            Duration.ofSeconds(60),
            "InstallGateway",
            JavaCommand.of()
                .classPath(world.installation().classPath("ops/simulator"))
                .main(
                    "io.understudy.simulator.InstallGateway",
                    node.disk("/opt/clientportal.gw").toString(),
                    "name=" + node.id(),
                    "auth-delay=0ms"));
    if (finished.exitCode() != 0) {
      throw new LabException("InstallGateway failed: " + finished.output().strip());
    }
  }

  /**
   * A first cluster file as anybody gets it, and then what the stories want besides: a trading
   * engine, more operators, and the simulated broker in IBKR's place.
   */
  private static void initialise(HostsWorld world, Path file) {
    var _ =
        world.administrates(
            "cluster",
            "init",
            "--primary=alpha=198.51.100.1",
            "--standby=beta=198.51.100.2",
            "--witness=gamma=198.51.100.3",
            "--operator=" + HostsScene.OPERATOR);
    try {
      String text = Files.readString(file);
      text = inserted(text, "\n\ngateways:", "\n  engine: {role: trading, address: 10.77.0.20}");
      text =
          inserted(
              text,
              "\n\noperators:",
              """

                  positions: {source: json-file, path: %s}
                  client-portal: {upstream: "%s", browser: htmlunit, pre-submit-delay: 0s}\
              """
                  .formatted(POSITIONS, HostsWorld.BROKER)
                  .stripTrailing());
      text += "  %s: {role: viewer, host: desk}\n".formatted(HostsScene.VIEWER);
      text += "  %s: {role: operator, host: desk}\n".formatted(HostsCertificates.LEAVER);
      text += HostsMonitoring.CHANNEL;
      text += "\ndrills: {probes: true}\n";
      var _ = Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot change " + file, e);
    }
  }

  private static String inserted(String text, String before, String addition) {
    if (!text.contains(before)) {
      throw new LabException("understudy cluster init wrote a file without" + before);
    }
    return text.replace(before, addition + before);
  }
}
