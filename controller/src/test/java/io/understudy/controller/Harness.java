package io.understudy.controller;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.understudy.controller.client.Channels;
import io.understudy.controller.client.Endpoint;
import io.understudy.controller.output.Terminal;
import io.understudy.controller.verb.Environment;
import io.understudy.controller.verb.Understudy;
import io.understudy.v1.Cluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The command line against fake nodes inside this process: what is typed goes in, what is printed
 * comes out.
 */
public final class Harness implements AutoCloseable {
  public final Map<String, String> variables = new HashMap<>();
  public final List<Duration> pauses = new CopyOnWriteArrayList<>();
  public final List<Runnable> lastWords = new CopyOnWriteArrayList<>();
  public final FakeTerminal terminal = new FakeTerminal();
  public Runnable duringPause = () -> {};

  private final Path home;
  private final Map<Endpoint, FakeControlPlane> nodes = new LinkedHashMap<>();
  private final Map<Endpoint, FakeDrills> drills = new HashMap<>();
  private final Map<Endpoint, Server> servers = new HashMap<>();
  private final String id = "harness-" + System.nanoTime();
  private ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ByteArrayOutputStream err = new ByteArrayOutputStream();

  public Harness(Path home) {
    this.home = home;
  }

  /** What one run left behind. */
  public record Run(int exitCode, String out, String err) {}

  /** A keyboard and a screen, or neither. */
  public static final class FakeTerminal implements Terminal {
    public final Deque<String> typed = new ArrayDeque<>();
    public boolean screen;
    public boolean keyboard;
    public Optional<Integer> columns = Optional.empty();
    public int secretsRead;

    /** From now on somebody sits here, and types these lines. */
    public void types(String... lines) {
      screen = true;
      keyboard = true;
      typed.addAll(List.of(lines));
    }

    @Override
    public boolean outIsScreen() {
      return screen;
    }

    @Override
    public boolean errIsScreen() {
      return screen;
    }

    @Override
    public boolean canAsk() {
      return keyboard;
    }

    @Override
    public Optional<Integer> columns() {
      return columns;
    }

    @Override
    public Optional<String> readLine() {
      return Optional.ofNullable(typed.poll());
    }

    @Override
    public Optional<String> readSecret() {
      secretsRead++;
      return readLine();
    }
  }

  /** Adds a node that answers at this address, and makes it an endpoint of the context. */
  public FakeControlPlane node(String address, Cluster cluster) {
    FakeControlPlane node = new FakeControlPlane(cluster);
    Endpoint endpoint = Endpoint.parse(address).orElseThrow();
    nodes.put(endpoint, node);
    drills.put(endpoint, new FakeDrills());
    start(endpoint);
    return node;
  }

  /** The drills of the node at this address. */
  public FakeDrills drills(String address) {
    return Objects.requireNonNull(drills.get(Endpoint.parse(address).orElseThrow()));
  }

  /** Ends the node as a crash would. */
  public void kill(String address) {
    Server server = servers.remove(Endpoint.parse(address).orElseThrow());
    if (server != null) {
      server.shutdownNow();
    }
  }

  public void start(String address) {
    start(Endpoint.parse(address).orElseThrow());
  }

  private void start(Endpoint endpoint) {
    try {
      servers.put(
          endpoint,
          InProcessServerBuilder.forName(id + endpoint)
              .addService(nodes.get(endpoint))
              .addService(drills.get(endpoint))
              .build()
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command line with a context of all nodes, or of the given endpoints. */
  public Run run(String... arguments) {
    writeContext(nodes.keySet().stream().map(Endpoint::toString).toList());
    return runAsIs(arguments);
  }

  /** Runs a command line with the files as they are. */
  public Run runAsIs(String... arguments) {
    out = new ByteArrayOutputStream();
    err = new ByteArrayOutputStream();
    int exitCode = Understudy.execute(environment(), arguments);
    return new Run(exitCode, printed(), complained());
  }

  public String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }

  public Path configFile() {
    return home.resolve(".config/understudy/config.yaml");
  }

  public void writeContext(List<String> endpoints) {
    List<String> lines = new ArrayList<>();
    lines.add("current-context: demo");
    lines.add("contexts:");
    lines.add("  demo:");
    lines.add("    endpoints: [" + String.join(", ", endpoints) + "]");
    lines.add("    certificate: operator.crt");
    lines.add("    key: operator.key");
    lines.add("    authority: ca.crt");
    try {
      Files.createDirectories(configFile().getParent());
      Files.write(configFile(), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Environment environment() {
    Channels channels = this::open;
    return new Environment(
        variables,
        home,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        terminal,
        InstantSource.fixed(Clusters.NOW),
        ZoneOffset.UTC,
        _ -> channels,
        duration -> {
          pauses.add(duration);
          duringPause.run();
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        },
        lastWord -> {
          lastWords.add(lastWord);
          return () -> lastWords.remove(lastWord);
        });
  }

  private ManagedChannel open(Endpoint endpoint) {
    return InProcessChannelBuilder.forName(id + endpoint).directExecutor().build();
  }

  @Override
  public void close() {
    servers.values().forEach(Server::shutdownNow);
  }
}
