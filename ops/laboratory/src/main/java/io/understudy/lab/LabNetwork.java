package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Hosts as network namespaces, each with a cable into one bridge that stands in a namespace of its
 * own. The lab's own process is the operator's host. Expects to run inside namespaces made for it
 * alone, as {@code ops/lab} does, so nothing has to be removed.
 *
 * <p>Each host has two addresses: one for its programs, one for its ZooKeeper server and for
 * whatever speaks to other ZooKeeper servers, so that either kind of traffic can be cut alone.
 *
 * <p>A cut gives the sender a wrong hardware address for the receiver: its frames leave and nobody
 * takes them, which is as silent as a broken line and needs no packet filter.
 */
final class LabNetwork {
  static final String PRIMARY = "primary";
  static final String STANDBY = "standby";
  static final String WITNESS = "witness";
  static final String OPERATOR = "operator";
  static final String BROKER = "broker";

  private static final ImmutableList<String> NAMES =
      ImmutableList.of(PRIMARY, STANDBY, WITNESS, OPERATOR, BROKER);
  private static final ImmutableList<String> ENSEMBLE = ImmutableList.of(PRIMARY, STANDBY, WITNESS);
  private static final String SWITCH = "switch";
  private static final String NOBODY = "02:00:00:00:00:01";
  private static final Duration RELAY_LIMIT = Duration.ofSeconds(10);

  private final ImmutableMap<String, Host> hosts;
  private Optional<Slowed> slowed = Optional.empty();

  /** The host whose cable passes through a relay that delays. */
  private record Slowed(String host, LabProcess relay) {}

  private LabNetwork(ImmutableMap<String, Host> hosts) {
    this.hosts = hosts;
  }

  static LabNetwork create() {
    ip("netns add " + SWITCH);
    ip("-n " + SWITCH + " link add br0 type bridge");
    ip("-n " + SWITCH + " link set br0 up");
    ImmutableMap.Builder<String, Host> hosts = ImmutableMap.builder();
    for (int i = 0; i < NAMES.size(); i++) {
      hosts.put(NAMES.get(i), connect(NAMES.get(i), i + 1));
    }
    return new LabNetwork(hosts.buildOrThrow());
  }

  Host host(String name) {
    Host host = hosts.get(name);
    if (host == null) {
      throw new LabException("There is no host " + name + ", only " + hosts.keySet());
    }
    return host;
  }

  /** Pulls the host's cable. */
  void unplug(String host) {
    ip("-n " + SWITCH + " link set " + host(host).name() + " down");
  }

  void plugIn(String host) {
    ip("-n " + SWITCH + " link set " + host(host).name() + " up");
  }

  /** Whatever the one host sends to the other is lost; the other way nothing changes. */
  void dropBetween(String from, String to) {
    drop(from, host(to).address());
    drop(from, host(to).coordinationAddress());
  }

  /** Nothing of ZooKeeper passes between this host and the others; all else does. */
  void cutCoordination(String host) {
    for (String other : ENSEMBLE) {
      if (!other.equals(host)) {
        drop(host, host(other).coordinationAddress());
        drop(other, host(host).coordinationAddress());
      }
    }
  }

  /** As a cut of its tunnel: only the broker is still reached. */
  void cutTunnel(String host) {
    for (String other : NAMES) {
      if (!other.equals(host) && !other.equals(BROKER)) {
        dropBetween(host, other);
        dropBetween(other, host);
      }
    }
  }

  /** Carries all frames of the host, each way, later by the delay, and loses some. */
  void slow(LabProcesses processes, Path directory, String host, Duration delay, int lossPercent) {
    String in = host + "-in";
    ip("-n " + SWITCH + " link set " + host(host).name() + " nomaster");
    ip("-n " + SWITCH + " link add " + in + " type veth peer name " + host + "-out");
    ip("-n " + SWITCH + " link set " + in + " up");
    ip("-n " + SWITCH + " link set " + host + "-out master br0 up");
    ImmutableList<String> command =
        JavaCommand.of("-Xmx64m")
            .classPath(System.getProperty("java.class.path"))
            .main(
                FrameRelay.class.getName(),
                host,
                in,
                Long.toString(delay.toMillis()),
                Integer.toString(lossPercent));
    Path log = directory.resolve("frame-relay.log");
    LabProcess relay = processes.start("the slow line", inNamespace(SWITCH, command), log);
    relay.awaitReady(RELAY_LIMIT, () -> relay.said(FrameRelay.READY));
    slowed = Optional.of(new Slowed(host, relay));
  }

  /** Ends every cut and every delay. */
  void heal() {
    for (String name : NAMES) {
      plugIn(name);
      ip(namespace(name) + "neigh flush nud permanent dev eth0");
    }
    slowed.ifPresent(each -> {
      each.relay().kill();
      ip("-n " + SWITCH + " link del " + each.host() + "-in");
      ip("-n " + SWITCH + " link set " + each.host() + " master br0");
    });
    slowed = Optional.empty();
  }

  /**
   * Ends what the kernel still holds of the host's connections, and returns the list: a host that
   * loses its power loses its kernel too, which else would send the rest for dead processes.
   */
  String dropConnections(String host) {
    return run(inNamespace(host(host).name(), ImmutableList.of("ss", "--kill", "--tcp", "--all")));
  }

  /** Every process on the host. */
  ImmutableList<ProcessHandle> processes(String host) {
    return ip("netns pids " + host(host).name())
        .lines()
        .map(Long::parseLong)
        .map(ProcessHandle::of)
        .flatMap(Optional::stream)
        .collect(ImmutableList.toImmutableList());
  }

  private void drop(String from, String address) {
    ip(
        namespace(host(from).name())
            + "neigh replace "
            + address
            + " lladdr "
            + NOBODY
            + " dev eth0 nud permanent");
  }

  private static Host connect(String name, int number) {
    String link = "link add eth0";
    if (name.equals(OPERATOR)) {
      ip(link + " type veth peer name " + name + " netns " + SWITCH);
    } else {
      ip("netns add " + name);
      ip(link + " netns " + name + " type veth peer name " + name + " netns " + SWITCH);
    }
    ip("-n " + SWITCH + " link set " + name + " master br0 up");
    Host host =
        new Host(
            name,
            "10.213.0." + number,
            "10.213.1." + number,
            name.equals(OPERATOR) ? ImmutableList.of() : inNamespace(name, ImmutableList.of()));
    ip(namespace(name) + "link set lo up");
    ip(namespace(name) + "addr add " + host.address() + "/24 dev eth0");
    ip(namespace(name) + "addr add " + host.coordinationAddress() + "/24 dev eth0");
    ip(namespace(name) + "link set eth0 up");
    return host;
  }

  /** A session of its own, so that a terminal's Ctrl-C does not reach it before the lab does. */
  private static ImmutableList<String> inNamespace(String name, ImmutableList<String> command) {
    return ImmutableList.<String>builder()
        .add("setsid", "ip", "netns", "exec", name)
        .addAll(command)
        .build();
  }

  private static String namespace(String host) {
    return host.equals(OPERATOR) ? "" : "-n " + host + " ";
  }

  private static String ip(String arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ")));
    return run(command);
  }

  /** Runs a command of the system to its end and returns what it printed. */
  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (status != 0) {
        throw new LabException(
            String.join(" ", command) + " ended with status " + status + ": " + output);
      }
      return Objects.requireNonNull(output);
    } catch (IOException e) {
      throw new LabException("Cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted", e);
    }
  }
}
