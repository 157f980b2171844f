package io.understudy.lab;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** A trading client at the relay of each node, on the host of the trading engine. */
final class HostsTrading {
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(3);

  private final ImmutableMap<String, Path> logs;

  private HostsTrading(ImmutableMap<String, Path> logs) {
    this.logs = logs;
  }

  static HostsTrading start(LabProcesses processes, HostsWorld world, int relayPort) {
    DebianHost engine = world.host("trading");
    Path folder = PrivateFiles.directory(world.folder().resolve("trading"));
    return new HostsTrading(
        Maps.toMap(
            world.nodes().stream().map(DebianHost::id).toList(),
            id -> {
              Path log = folder.resolve(id + ".log");
              create(log);
              var _ =
                  processes.start(
                      "the trading client of " + id,
                      engine.network(),
                      JavaCommand.of("-Xmx48m")
                          .classPath(System.getProperty("java.class.path"))
                          .main(
                              TradingEngine.class.getName(),
                              world.byId(id).tunnelAddress(),
                              Integer.toString(relayPort)),
                      log);
              return log;
            }));
  }

  TradingLog at(DebianHost node) {
    return TradingLog.read(Objects.requireNonNull(logs.get(node.id())));
  }

  /** The time of the first answer through the node after that one, by System.nanoTime. */
  long awaitFirst(DebianHost node, long afterNanos) {
    if (!Waiting.until(ANSWER_LIMIT, () -> at(node).after(afterNanos).first().isPresent())) {
      throw new LabException(
          "No trading client got an answer through %s within %d s"
              .formatted(node.id(), ANSWER_LIMIT.toSeconds()));
    }
    return at(node).after(afterNanos).first().orElseThrow().at();
  }

  private static void create(Path file) {
    try {
      var _ = Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
