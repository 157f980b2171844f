package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lab of Debian hosts, from within the namespaces that {@code ops/lab} makes for it: the
 * administrator's folder with the cluster file, its authority and its bundles; the hosts; the
 * broker. What it knows of hosts is what their bundles say.
 */
final class HostsWorld {
  /** Where {@code ops/lib/world.sh} starts the broker. */
  static final URI BROKER = URI.create("http://198.51.100.100:8080");

  private static final String PUBLIC_PREFIX = "198.51.100.";
  private static final int FIRST_WITHOUT_ENDPOINT = 201;
  private static final String STRANGER = "stranger stranger " + PUBLIC_PREFIX + "66 -";
  private static final Duration PLUMBING_LIMIT = Duration.ofMinutes(10);
  private static final Duration VERB_LIMIT = Duration.ofMinutes(5);
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private final Path library;
  private final Installation installation;

  private HostsWorld(Path folder, Path library, Installation installation) {
    this.folder = folder;
    this.library = library;
    this.installation = installation;
  }

  /** The one that this process runs in. */
  static HostsWorld here() {
    return new HostsWorld(environment("WORLD"), environment("LIBRARY"), Installation.find());
  }

  Path folder() {
    return folder;
  }

  /** The shared root of the hosts. */
  String root() {
    return environment("HOSTS_ROOT").toString();
  }

  /** The folder of the Debian packages that were built here. */
  Path packages() {
    return environment("PACKAGES");
  }

  /** Whether the hosts are there. */
  boolean built() {
    return Files.exists(folder.resolve("built"));
  }

  /** Takes the cluster file of somebody else. */
  void adopt(Path clusterFile) {
    try {
      var _ = Files.copy(clusterFile, cluster().resolve("cluster.yaml"));
    } catch (IOException e) {
      throw new LabException("Cannot read " + clusterFile, e);
    }
  }

  Installation installation() {
    return installation;
  }

  /** Where the administrator works. */
  Path cluster() {
    return PrivateFiles.directory(folder.resolve("cluster"));
  }

  Path bundle(DebianHost host) {
    return cluster().resolve("bundles").resolve(host.id());
  }

  SimulatedBroker broker() {
    return SimulatedBroker.running(BROKER);
  }

  /** Types a verb of the command line in the administrator's folder; it has to succeed. */
  String administrates(String... arguments) {
    Finished finished = verb(arguments);
    if (finished.exitCode() != 0) {
      throw new LabException(
          "understudy %s ended with status %d: %s"
              .formatted(
                  String.join(" ", arguments), finished.exitCode(), finished.output().strip()));
    }
    return finished.output();
  }

  /** The same, whatever its exit status. */
  Finished verb(String... arguments) {
    ImmutableList<String> command =
        ImmutableList.<String>builder()
            .add("env", "--chdir=" + cluster(), "JAVA_HOME=" + System.getProperty("java.home"))
            .add(installation.commandLine().toString())
            .addAll(List.of(arguments))
            .build();
    return Finished.run(VERB_LIMIT, "understudy " + String.join(" ", arguments), command);
  }

  /** Calls a function of {@code world.sh}; it has to succeed. */
  String plumbing(String... call) {
    ImmutableList<String> command =
        ImmutableList.<String>builder()
            .add("bash", "-euo", "pipefail", "-c")
            .add(". " + library.resolve("world.sh") + "; \"$@\"", "lab")
            .addAll(List.of(call))
            .build();
    Finished finished = Finished.run(PLUMBING_LIMIT, String.join(" ", call), command);
    if (finished.exitCode() != 0) {
      throw new LabException(finished.output().strip());
    }
    return finished.output();
  }

  /** What the bundle of a host says that it should be. */
  JsonNode manifest(String host) {
    Path file =
        cluster().resolve("bundles").resolve(host).resolve("files/etc/understudy/host.json");
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new LabException("There is no bundle of " + host + " with a readable " + file, e);
    }
  }

  /** The WireGuard interface that a host sends by: another one after each rotation of keys. */
  String tunnel(DebianHost host) {
    for (JsonNode tunnel : manifest(host.id()).path("tunnels")) {
      if (tunnel.path("preferred").asBoolean()) {
        return tunnel.path("name").asText();
      }
    }
    throw new LabException("The bundle of " + host.id() + " has no tunnel that is preferred");
  }

  /** Writes the table of hosts, from the bundles. */
  void writeTable() {
    StringBuilder table = new StringBuilder();
    int withoutEndpoint = FIRST_WITHOUT_ENDPOINT;
    for (String host : bundles()) {
      JsonNode manifest = manifest(host);
      String address = manifest.path("public-address").asText();
      if (address.isEmpty()) {
        address = PUBLIC_PREFIX + withoutEndpoint;
        withoutEndpoint++;
      }
      if (!address.startsWith(PUBLIC_PREFIX)) {
        throw new LabException(
            "hosts.%s.endpoint: %s (expected in the lab: an address in %s0/24)"
                .formatted(host, address, PUBLIC_PREFIX));
      }
      table.append(
          "%s %s %s %s\n"
              .formatted(
                  host,
                  manifest.path("role").asText(),
                  address,
                  manifest.path("address").asText()));
    }
    table.append(STRANGER).append('\n');
    try {
      var _ = Files.writeString(folder.resolve("hosts"), table);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the table of hosts", e);
    }
  }

  /** All machines, the stranger included, by id. */
  ImmutableMap<String, DebianHost> machines() {
    try {
      return Maps.uniqueIndex(
          Files.readAllLines(folder.resolve("hosts")).stream()
              .map(line -> DebianHost.parse(line, folder))
              .collect(ImmutableList.toImmutableList()),
          DebianHost::id);
    } catch (IOException e) {
      throw new LabException("No lab is up; try: ops/lab up", e);
    }
  }

  ImmutableList<DebianHost> hosts() {
    return machines().values().stream()
        .filter(DebianHost::member)
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<DebianHost> nodes() {
    return hosts().stream().filter(DebianHost::node).collect(ImmutableList.toImmutableList());
  }

  /** The first host of that role. */
  DebianHost host(String role) {
    return machines().values().stream()
        .filter(host -> host.role().equals(role))
        .findFirst()
        .orElseThrow(() -> new LabException("The cluster has no host of role " + role));
  }

  DebianHost byId(String id) {
    DebianHost host = machines().get(id);
    if (host == null) {
      throw new LabException("There is no host " + id);
    }
    return host;
  }

  DebianHost stranger() {
    return host("stranger");
  }

  DebianHost other(DebianHost node) {
    return nodes().stream().filter(each -> !each.id().equals(node.id())).findFirst().orElseThrow();
  }

  private ImmutableList<String> bundles() {
    try (Stream<Path> folders = Files.list(cluster().resolve("bundles"))) {
      return folders
          .map(path -> path.getFileName().toString())
          // What render notes for itself.
          .filter(name -> !name.startsWith("."))
          .sorted()
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw new LabException("There are no bundles in " + cluster(), e);
    }
  }

  private static Path environment(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new LabException(name + " is not set; run the hosts' lab by ops/lab");
    }
    return Path.of(value);
  }
}
