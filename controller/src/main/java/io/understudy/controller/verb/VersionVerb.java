package io.understudy.controller.verb;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.v1.Cluster;
import io.understudy.v1.Node;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the version of this program and of the nodes. */
@Command(name = "version", description = "Show the versions of this program and of the nodes.")
final class VersionVerb implements Callable<Integer> {
  private final Understudy root;

  @Option(names = "--client", description = "Only of this program; ask no node.")
  private boolean clientOnly;

  VersionVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    StringBuilder text = new StringBuilder("understudy " + Version.current());
    Struct.Builder data = Struct.newBuilder().putFields("client", text(Version.current()));
    boolean configured = root.contextName().isPresent() || Files.exists(root.configFile());
    if (!clientOnly && configured) {
      try (ClusterClient client = root.connect()) {
        Cluster cluster = client.look().cluster();
        Struct.Builder nodes = Struct.newBuilder();
        for (Node node : cluster.getNodesList()) {
          String version = node.getVersion().isEmpty() ? "unknown" : node.getVersion();
          text.append("\n").append("node ").append(node.getId()).append(' ').append(version);
          nodes.putFields(node.getId(), text(version));
        }
        data.putFields("nodes", Value.newBuilder().setStructValue(nodes).build());
      }
    }
    root.printer().fact(text.toString(), data.build());
    return ExitCode.DONE.number();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
