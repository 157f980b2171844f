package io.understudy.controller.verb;

import com.google.common.net.HostAndPort;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Operator;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.output.Canvas;
import io.understudy.controller.output.ClusterTables;
import io.understudy.controller.output.OutputFormat;
import io.understudy.settings.ConfigException;
import io.understudy.settings.ConfigException.Problem;
import io.understudy.settings.Format;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what a cluster file describes, or all that is wrong with it. */
@Command(
    name = "check",
    description = "Show what a cluster file describes, or everything that is wrong with it.")
final class ClusterCheckVerb implements Callable<Integer> {
  private final Understudy root;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = ClusterOptions.FILE_DEFAULT,
      description = "The cluster file (default: ./" + ClusterOptions.FILE_DEFAULT + ").")
  private Path file = Path.of(ClusterOptions.FILE_DEFAULT);

  ClusterCheckVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try {
      show(ClusterFile.load(file));
      return ExitCode.DONE.number();
    } catch (ConfigException e) {
      root.environment().err().println("understudy: " + e.getMessage());
      if (root.output() != OutputFormat.table) {
        root.printer().fact("", problems(e.problems()));
      }
      return ExitCode.USAGE.number();
    }
  }

  private void show(ClusterFile cluster) {
    if (root.output() != OutputFormat.table) {
      root.printer().fact("", data(cluster));
      return;
    }
    Canvas canvas = root.canvas(root.environment().out(), root.outIsScreen());
    ClusterTables tables = new ClusterTables(canvas, cluster.name());
    for (Host host : cluster.hosts().values()) {
      tables.host(
          host.id(),
          Format.printConstant(host.role()),
          host.address(),
          host.endpoint().map(HostAndPort::toString).orElse(""),
          holds(cluster, host));
    }
    cluster
        .gateways()
        .values()
        .forEach(gateway ->
            tables.gateway(
                gateway.name(),
                Format.printConstant(gateway.mode()),
                gateway.relayPort(),
                gateway.programPort(),
                Format.printConstant(gateway.secondFactor()),
                gateway.positions().source()));
    tables.print();
  }

  private static String holds(ClusterFile cluster, Host host) {
    return switch (host.role()) {
      case PRIMARY, STANDBY -> "node, ZooKeeper server";
      case WITNESS -> "ZooKeeper server";
      case OPERATOR ->
          cluster.operatorsAt(host).stream()
              .map(operator ->
                  operator.role() == Operator.Role.VIEWER
                      ? operator.name() + " (viewer)"
                      : operator.name())
              .collect(Collectors.joining(", "));
      case TRADING -> "reaches the relays";
    };
  }

  private static Struct data(ClusterFile cluster) {
    Struct.Builder hosts = Struct.newBuilder();
    for (Host host : cluster.hosts().values()) {
      Struct.Builder keys =
          Struct.newBuilder()
              .putFields("role", text(Format.printConstant(host.role())))
              .putFields("address", text(host.address()));
      host.endpoint().ifPresent(endpoint -> keys.putFields("endpoint", text(endpoint.toString())));
      hosts.putFields(host.id(), struct(keys));
    }
    Struct.Builder gateways = Struct.newBuilder();
    for (Gateway gateway : cluster.gateways().values()) {
      gateways.putFields(
          gateway.name(),
          struct(
              Struct.newBuilder()
                  .putFields("mode", text(Format.printConstant(gateway.mode())))
                  .putFields("relay-port", number(gateway.relayPort()))
                  .putFields("program-port", number(gateway.programPort()))
                  .putFields("second-factor", text(Format.printConstant(gateway.secondFactor())))
                  .putFields("positions", text(gateway.positions().source()))));
    }
    Struct.Builder operators = Struct.newBuilder();
    for (Operator operator : cluster.operators().values()) {
      operators.putFields(
          operator.name(),
          struct(
              Struct.newBuilder()
                  .putFields("role", text(Format.printConstant(operator.role())))
                  .putFields("host", text(operator.host()))));
    }
    return Struct.newBuilder()
        .putFields("cluster", text(cluster.name()))
        .putFields("hosts", struct(hosts))
        .putFields("gateways", struct(gateways))
        .putFields("operators", struct(operators))
        .putFields("problems", list(List.of()))
        .build();
  }

  private static Struct problems(List<Problem> problems) {
    return Struct.newBuilder()
        .putFields("problems", list(problems.stream().map(ClusterCheckVerb::data).toList()))
        .build();
  }

  private static Value data(Problem problem) {
    Struct.Builder keys = Struct.newBuilder().putFields("key", text(problem.path()));
    problem.line().ifPresent(line -> keys.putFields("line", number(line)));
    return struct(keys.putFields("sentence", text(problem.sentence())));
  }

  private static Value list(List<Value> values) {
    return Value.newBuilder().setListValue(ListValue.newBuilder().addAllValues(values)).build();
  }

  private static Value struct(Struct.Builder keys) {
    return Value.newBuilder().setStructValue(keys).build();
  }

  private static Value number(int number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
