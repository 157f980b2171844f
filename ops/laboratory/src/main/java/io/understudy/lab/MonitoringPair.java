package io.understudy.lab;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Prometheus and Alertmanager of both nodes, as bundles have them: rendered by the real command
 * line from a cluster file, started by the command of the rendered unit. What differs is where
 * things are: addresses and folders are replaced, intervals are shortened, and Telegram's API is a
 * stand-in.
 */
final class MonitoringPair {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Host HERE = Host.loopback("here");

  private static final Pattern MONITORING = Pattern.compile("prometheus|alertmanager");

  private final LabCluster cluster;
  private final Path directory;
  private final ImmutableMap<String, String> places;
  private final ImmutableMap<String, Listening> ports;

  /** Of one node's monitoring. */
  private record Listening(int prometheus, int alertmanager, int gossip) {}

  private MonitoringPair(LabCluster cluster, Path directory, Ports free) {
    this.cluster = cluster;
    this.directory = directory;
    ImmutableMap.Builder<String, Listening> chosen = ImmutableMap.builder();
    Map<String, String> replaced = new LinkedHashMap<>();
    int number = 1;
    for (LabNode node : cluster.nodes()) {
      Listening own = new Listening(free.next(), free.next(), free.next());
      chosen.put(node.id(), own);
      String rendered = "10.77.0." + number++;
      replaced.put(rendered + ":7480", node.endpoints().httpAddress());
      replaced.put(rendered + ":7490", at(own.prometheus()));
      replaced.put(rendered + ":7493", at(own.alertmanager()));
      replaced.put(rendered + ":7494", at(own.gossip()));
    }
    this.ports = chosen.buildOrThrow();
    this.places = ImmutableMap.copyOf(replaced);
  }

  /** Renders, starts, and waits until both nodes' programs see everything that they should. */
  static MonitoringPair start(LabCluster cluster, StandInTelegram telegram) {
    MonitoringPair pair =
        new MonitoringPair(
            cluster,
            PrivateFiles.directory(cluster.directory().resolve("monitoring")),
            new Ports());
    Path bundles = pair.render(telegram);
    for (LabNode node : cluster.nodes()) {
      pair.install(node, bundles.resolve(node.id()), telegram);
    }
    for (LabNode node : cluster.nodes()) {
      pair.run(node, "understudy-alertmanager", "alertmanager", pair.ports(node).alertmanager());
      pair.run(node, "understudy-prometheus", "prometheus", pair.ports(node).prometheus());
    }
    return pair;
  }

  /** Where a person would look. */
  String prometheus(LabNode node) {
    return "http://" + at(ports(node).prometheus());
  }

  private Listening ports(LabNode node) {
    return requireNonNull(ports.get(node.id()));
  }

  private Path render(StandInTelegram telegram) {
    Path file = directory.resolve("cluster.yaml");
    Path bundles = directory.resolve("bundles");
    var _ = PrivateFiles.write(file, clusterFile(telegram));
    CommandLine.Ran ran =
        cluster
            .commandLine()
            .run(
                LIMIT, "cluster", "render", "--file", file.toString(), "--out", bundles.toString());
    if (ran.exitCode() != 0) {
      throw new LabException("The bundles could not be rendered: " + ran.output().strip());
    }
    return bundles;
  }

  private String clusterFile(StandInTelegram telegram) {
    StringBuilder hosts = new StringBuilder();
    int number = 1;
    for (LabNode node : cluster.nodes()) {
      hosts.append(
          "  %1$s: {role: %2$s, endpoint: \"198.51.100.%3$d:51820\", address: 10.77.0.%3$d}\n"
              .formatted(node.id(), number == 1 ? "primary" : "standby", number++));
    }
    return """
    cluster: %s
    tunnel: {subnet: 10.77.0.0/24}
    hosts:
    %s  witness: {role: witness, endpoint: "198.51.100.9:51820", address: 10.77.0.9}
      desk: {role: operator, address: 10.77.0.10}
    gateways:
      %s: {mode: paper, relay-port: 4002, second-factor: none}
    operators:
      alice: {role: operator, host: desk}
    alerts:
      telegram: {chat-id: %d}
      heartbeat: %s
    """
        .formatted(
            LabCluster.NAME, hosts, LabCluster.GATEWAY, StandInTelegram.CHAT, telegram.heartbeat());
  }

  /** Lays the node's files out below its own folder, with what is different here. */
  private void install(LabNode node, Path bundle, StandInTelegram telegram) {
    Path root = PrivateFiles.directory(directory.resolve(node.id()));
    try (var files = Files.walk(bundle.resolve("files"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String target = "/" + bundle.resolve("files").relativize(file);
        if (MONITORING.matcher(target).find()) {
          Path path = root.resolve(target.substring(1));
          Files.createDirectories(path.getParent());
          Files.writeString(path, adapted(Files.readString(file), root, telegram));
        }
      }
      var _ = PrivateFiles.directory(root.resolve("run"));
      var _ = PrivateFiles.directory(root.resolve("credentials"));
      var _ =
          PrivateFiles.write(
              root.resolve("credentials/alerts-telegram-token"), StandInTelegram.TOKEN + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String adapted(String text, Path root, StandInTelegram telegram) {
    String adapted = Intervals.shortened(text);
    for (Map.Entry<String, String> place : places.entrySet()) {
      adapted = adapted.replace(place.getKey(), place.getValue());
    }
    return adapted
        .replace("/etc/understudy", root + "/etc/understudy")
        .replace("/var/lib/", root + "/state-")
        .replace("/run/understudy-alertmanager", root + "/run")
        .replace("parse_mode: HTML", "parse_mode: HTML\n        api_url: " + telegram.api());
  }

  /** As systemd would: what comes before it, then the program itself. */
  private void run(LabNode node, String unit, String program, int port) {
    Path root = directory.resolve(node.id());
    String text = read(root.resolve("etc/systemd/system/" + unit + ".service"));
    for (String before : commands(text, "ExecStartPre")) {
      Finished finished =
          Finished.run(
              LIMIT,
              before,
              ImmutableList.of(
                  "env",
                  "CREDENTIALS_DIRECTORY=" + root.resolve("credentials"),
                  "RUNTIME_DIRECTORY=" + root.resolve("run"),
                  "bash",
                  before,
                  root.resolve("etc/understudy/alertmanager/alertmanager.yml").toString()));
      if (finished.exitCode() != 0) {
        throw new LabException(before + " failed: " + finished.output().strip());
      }
    }
    String command = commands(text, "ExecStart").getFirst();
    LabProcess process =
        cluster
            .processes()
            .start(
                "the %s of node %s".formatted(program, node.id()),
                Splitter.on(' ').omitEmptyStrings().splitToList(command),
                root.resolve(program + ".log"));
    process.awaitReady(LIMIT, () -> Probe.answers(HERE, port, "/-/ready"));
  }

  private static ImmutableList<String> commands(String unit, String key) {
    return unit.replace("\\\n", " ")
        .lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .collect(ImmutableList.toImmutableList());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String at(int port) {
    return "127.0.0.1:" + port;
  }
}
