package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.Context;
import io.understudy.controller.client.ContextFile;
import io.understudy.controller.client.Contexts;
import io.understudy.controller.client.Failure;
import io.understudy.controller.output.Canvas;
import io.understudy.controller.output.DocumentPrinter;
import io.understudy.controller.output.OutputFormat;
import io.understudy.controller.output.Printer;
import io.understudy.controller.output.Style;
import io.understudy.controller.output.TablePrinter;
import io.understudy.controller.text.Nearest;
import io.understudy.v1.Cluster;
import io.understudy.v1.Gateway;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line: what every verb understands, and what it means. */
@Command(
    name = "understudy",
    description = "Watches and steers a cluster that keeps one Interactive Brokers login alive.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = true,
    versionProvider = Version.Provider.class,
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nVerbs:%n")
public final class Understudy implements Runnable {
  static final String[] EXIT_CODES = {
    " 0:done; status: every gateway is served",
    " 1:the command, the configuration or a certificate file cannot be used",
    " 2:refused by the cluster, nothing was changed; the reason and, where there is one,"
        + " the earliest time that it can succeed are shown",
    " 3:carried out without reaching its goal; status: a gateway is not served, or the answer is"
        + " stale",
    " 4:outcome unknown: it may or may not have been carried out",
    " 5:nobody who can answer was reached",
    "130:given up at a prompt or by an interrupt"
  };

  private final Environment environment;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "File of contexts; otherwise $UNDERSTUDY_CONFIG, otherwise"
              + " ~/.config/understudy/config.yaml.")
  private @Nullable Path config;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Context to use instead of the current one.")
  private @Nullable String context;

  @Option(
      names = {"-g", "--gateway"},
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Gateway (default: the only one).")
  private @Nullable String gateway;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (default: table). Only json and yaml are stable.")
  private OutputFormat output = OutputFormat.table;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      defaultValue = "10s",
      converter = SpanConverter.class,
      description = "For finding a node and for its first answer (default: 10s).")
  private Duration timeout = Duration.ofSeconds(10);

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Tell on standard error whom is asked, and who was skipped.")
  private boolean verbose;

  public Understudy(Environment environment) {
    this.environment = environment;
  }

  /** Carries out one command line, and returns the exit code. */
  public static int execute(Environment environment, String... arguments) {
    return new Commands(new Understudy(environment)).build(arguments).execute(arguments);
  }

  @Override
  public void run() {
    CommandSpec command = spec;
    if (command != null) {
      throw new ParameterException(command.commandLine(), "A verb is missing.");
    }
  }

  Environment environment() {
    return environment;
  }

  OutputFormat output() {
    return output;
  }

  Duration timeout() {
    return timeout;
  }

  boolean verbose() {
    return verbose;
  }

  Path configFile() {
    return ContextFile.locate(
        Optional.ofNullable(config), environment.variables(), environment.home());
  }

  Contexts contexts() {
    return ContextFile.read(configFile());
  }

  Optional<String> contextName() {
    return Optional.ofNullable(context);
  }

  Optional<String> gatewayName() {
    return Optional.ofNullable(gateway);
  }

  /** A client of the chosen context. Nothing is dialled yet. */
  ClusterClient connect() {
    return connect(timeout);
  }

  /**
   * The same with a limit of its own where that is shorter.
   *
   * @param limit for finding a node that answers, and for its first answer
   */
  ClusterClient connect(Duration limit) {
    Context chosen = contexts().select(contextName());
    return new ClusterClient(
        chosen,
        environment.channels().apply(chosen),
        note -> {
          if (verbose) {
            environment.err().println("understudy: " + note);
          }
        },
        environment.pause(),
        limit.compareTo(timeout) < 0 ? limit : timeout);
  }

  /** The gateway that the command is about. */
  Gateway gatewayOf(Cluster cluster) {
    List<String> names = cluster.getGatewaysList().stream().map(Gateway::getId).toList();
    String wanted = gateway;
    if (wanted == null) {
      if (names.size() != 1) {
        throw Failure.usage(
            names.isEmpty()
                ? "Cluster " + cluster.getName() + " has no gateway."
                : "Say which gateway with --gateway; cluster "
                    + cluster.getName()
                    + " has "
                    + String.join(", ", names)
                    + ".");
      }
      return cluster.getGateways(0);
    }
    int index = names.indexOf(wanted);
    if (index < 0) {
      throw Failure.usage(
          "Cluster "
              + cluster.getName()
              + " has no gateway "
              + wanted
              + Nearest.to(wanted, names).map(near -> " (nearest: " + near + ")").orElse("")
              + "; it has "
              + String.join(", ", names)
              + ".");
    }
    return cluster.getGateways(index);
  }

  /** The gateways that a reading command is about: the named one, else all. */
  List<Gateway> gatewaysOf(Cluster cluster) {
    return gateway == null ? cluster.getGatewaysList() : List.of(gatewayOf(cluster));
  }

  /** The cluster with the gateways that the command is about. */
  Cluster selected(Cluster cluster) {
    return gateway == null
        ? cluster
        : cluster.toBuilder().clearGateways().addGateways(gatewayOf(cluster)).build();
  }

  Printer printer() {
    return printer(false);
  }

  /**
   * @param stream whether one document of many is shown
   */
  Printer printer(boolean stream) {
    return switch (output) {
      case table -> new TablePrinter(canvas(environment.out(), outIsScreen()));
      case json -> new DocumentPrinter(environment.out(), false, stream);
      case yaml -> new DocumentPrinter(environment.out(), true, stream);
    };
  }

  /** For what accompanies a question. */
  Canvas promptCanvas() {
    return canvas(environment.err(), environment.terminal().errIsScreen());
  }

  Canvas canvas(PrintStream stream, boolean screen) {
    return new Canvas(
        stream,
        Style.wanted(screen, environment.variables()),
        stream.charset().newEncoder().canEncode('│'),
        screen ? environment.terminal().columns() : Optional.empty(),
        environment.zone());
  }

  boolean outIsScreen() {
    return environment.terminal().outIsScreen();
  }
}
