package io.understudy.controller.verb;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.output.DocumentPrinter;
import io.understudy.controller.output.OutputFormat;
import io.understudy.controller.output.Style;
import io.understudy.controller.output.Times;
import io.understudy.controller.text.Spans;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Puts the verbs under the root, and turns whatever goes wrong into a sentence and an exit code.
 */
final class Commands {
  /** Its script names every verb. */
  private static final String WANTS_ALL = "completion";

  private final Understudy root;

  Commands(Understudy root) {
    this.root = root;
  }

  /**
   * Builds the command line for these arguments. To describe a verb takes milliseconds, so when the
   * first argument names one, only that one is built.
   */
  CommandLine build(String[] arguments) {
    Environment environment = root.environment();
    CommandLine line = new CommandLine(root);
    Map<String, Supplier<Object>> verbs = verbs();
    Supplier<Object> named = arguments.length == 0 ? null : verbs.get(arguments[0]);
    if (named == null || arguments[0].equals(WANTS_ALL)) {
      verbs.forEach((name, verb) -> line.addSubcommand(name, verb.get()));
    } else {
      line.addSubcommand(arguments[0], named.get());
    }
    boolean colour = Style.wanted(environment.terminal().outIsScreen(), environment.variables());
    line.setColorScheme(
            CommandLine.Help.defaultColorScheme(
                colour ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setOut(writer(environment.out()))
        .setErr(writer(environment.err()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(this::misused)
        .setExecutionExceptionHandler((failure, _, _) -> failed(failure));
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    return line;
  }

  /** In the order in which the help lists them. */
  private Map<String, Supplier<Object>> verbs() {
    Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
    verbs.put("status", () -> new StatusVerb(root));
    verbs.put("login", () -> new LoginVerb(root));
    verbs.put("logout", () -> new LogoutVerb(root));
    verbs.put("failover", () -> new FailoverVerb(root));
    verbs.put("reconcile", () -> new ReconcileVerb(root));
    verbs.put("pause", () -> new PauseVerb(root));
    verbs.put("resume", () -> new ResumeVerb(root));
    verbs.put("halt", () -> new HaltVerb(root));
    verbs.put("unhalt", () -> new UnhaltVerb(root));
    verbs.put("unlock", () -> new UnlockVerb(root));
    verbs.put("history", () -> new HistoryVerb(root));
    verbs.put("events", () -> new EventsVerb(root));
    verbs.put("drill", () -> DrillVerb.line(root));
    verbs.put("cluster", () -> ClusterVerb.line(root));
    verbs.put("support-bundle", () -> new SupportBundleVerb(root));
    verbs.put(
        "config",
        () -> new CommandLine(new ConfigVerb(root)).addSubcommand(new ConfigVerb.SetContext(root)));
    verbs.put(WANTS_ALL, () -> new CompletionVerb(root));
    verbs.put("version", () -> new VersionVerb(root));
    return verbs;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (String entry : Understudy.EXIT_CODES) {
      int colon = entry.indexOf(':');
      codes.put(entry.substring(0, colon), entry.substring(colon + 1));
    }
    return codes;
  }

  private int misused(ParameterException failure, String[] arguments) {
    PrintWriter err = failure.getCommandLine().getErr();
    err.println("understudy: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println(
        "Try `"
            + failure.getCommandLine().getCommandSpec().qualifiedName()
            + " --help` for what is possible.");
    return ExitCode.USAGE.number();
  }

  private int failed(Exception cause) throws Exception {
    if (!(cause instanceof Failure failure)) {
      throw cause;
    }
    Environment environment = root.environment();
    environment.err().println("understudy: " + heading(failure) + failure.sentence());
    failure
        .earliest()
        .ifPresent(span ->
            environment
                .err()
                .println(
                    "Earliest in "
                        + Spans.text(span)
                        + ", at "
                        + Times.time(environment.clock().instant().plus(span), environment.zone())
                        + "."));
    if (root.output() != OutputFormat.table) {
      new DocumentPrinter(environment.out(), root.output() == OutputFormat.yaml, false)
          .fact("", data(failure));
    }
    return failure.exitCode().number();
  }

  private static String heading(Failure failure) {
    return switch (failure.exitCode()) {
      case REFUSED -> "refused (" + failure.reason() + "): ";
      case UNKNOWN -> "outcome unknown (" + failure.reason() + "): ";
      case UNREACHABLE -> "unreachable (" + failure.reason() + "): ";
      case ABORTED -> "aborted: ";
      case DONE, USAGE, DEGRADED -> "";
    };
  }

  private static Struct data(Failure failure) {
    Struct.Builder error =
        Struct.newBuilder()
            .putFields("reason", text(failure.reason()))
            .putFields("sentence", text(failure.sentence()));
    failure
        .earliest()
        .ifPresent(span ->
            error.putFields(
                "earliest", text(Durations.toString(Durations.fromMillis(span.toMillis())))));
    return Struct.newBuilder()
        .putFields("error", Value.newBuilder().setStructValue(error).build())
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
