package io.understudy.controller.verb;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.controller.client.ContextFile;
import io.understudy.controller.client.Contexts;
import io.understudy.controller.client.Credentials;
import io.understudy.controller.client.Endpoint;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.output.Canvas;
import io.understudy.controller.output.ContextTable;
import io.understudy.controller.output.OutputFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The file of contexts: which clusters there are, and which one is meant. */
@Command(name = "config", description = "Show and change the contexts, which name clusters.")
final class ConfigVerb implements Runnable {
  private final Understudy root;

  @Spec private @Nullable CommandSpec spec;

  ConfigVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public void run() {
    CommandSpec own = spec;
    if (own != null) {
      throw new ParameterException(own.commandLine(), "A verb of config is missing.");
    }
  }

  @Command(name = "view", description = "Show the file of contexts as it is understood.")
  int view() {
    Contexts contexts = root.contexts();
    root.printer().fact(ContextFile.text(contexts).stripTrailing(), data(contexts));
    return ExitCode.DONE.number();
  }

  @Command(name = "current-context", description = "Show the name of the current context.")
  int currentContext() {
    Contexts contexts = root.contexts();
    String name = contexts.select(root.contextName()).name();
    root.printer().fact(name, Struct.newBuilder().putFields("name", text(name)).build());
    return ExitCode.DONE.number();
  }

  @Command(name = "get-contexts", description = "List the contexts.")
  int getContexts() {
    Contexts contexts = root.contexts();
    if (root.output() == OutputFormat.table) {
      Canvas canvas = root.canvas(root.environment().out(), root.outIsScreen());
      ContextTable table = new ContextTable(canvas, contexts.file().toString());
      contexts
          .byName()
          .forEach((name, settings) ->
              table.add(
                  name,
                  contexts.current().equals(Optional.of(name)),
                  settings.endpoints(),
                  settings.certificate()));
      table.print();
    } else {
      root.printer().fact("", data(contexts));
    }
    return ExitCode.DONE.number();
  }

  @Command(name = "use-context", description = "Make a context the current one.")
  int useContext(@Parameters(paramLabel = "NAME") String name) {
    Contexts contexts = root.contexts();
    var _ = contexts.require(name);
    ContextFile.write(contexts.withCurrent(name));
    root.printer()
        .fact(
            "The current context is " + name + ".",
            Struct.newBuilder().putFields("name", text(name)).build());
    return ExitCode.DONE.number();
  }

  private static Struct data(Contexts contexts) {
    Struct.Builder byName = Struct.newBuilder();
    contexts
        .byName()
        .forEach((name, settings) -> {
          ListValue.Builder endpoints = ListValue.newBuilder();
          settings.endpoints().forEach(endpoint -> endpoints.addValues(text(endpoint)));
          Struct.Builder keys =
              Struct.newBuilder()
                  .putFields("endpoints", Value.newBuilder().setListValue(endpoints).build())
                  .putFields("certificate", text(settings.certificate()))
                  .putFields("key", text(settings.key()))
                  .putFields("authority", text(settings.authority()));
          byName.putFields(name, Value.newBuilder().setStructValue(keys).build());
        });
    return Struct.newBuilder()
        .putFields("file", text(contexts.file().toString()))
        .putFields("current-context", text(contexts.current().orElse("")))
        .putFields("contexts", Value.newBuilder().setStructValue(byName).build())
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  /** Makes or changes one context. */
  @Command(
      name = "set-context",
      description = "Make a context, or change what is given of it; the first becomes current.")
  static final class SetContext implements Callable<Integer> {
    private final Understudy root;

    @Parameters(paramLabel = "NAME", description = "Name of the context.")
    private String name = "";

    @Option(
        names = "--endpoint",
        split = ",",
        paramLabel = "HOST:PORT",
        description = "Nodes of the cluster; any will do, all are better.")
    private List<String> endpoints = new ArrayList<>();

    @Option(names = "--certificate", paramLabel = "FILE", description = "The operator's, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its key, for its owner only.")
    private @Nullable Path key;

    @Option(names = "--authority", paramLabel = "FILE", description = "The cluster's, PEM.")
    private @Nullable Path authority;

    @Option(names = "--current", description = "Make it the current context.")
    private boolean current;

    SetContext(Understudy root) {
      this.root = root;
    }

    @Override
    public Integer call() {
      Contexts contexts = ContextFile.readOrEmpty(root.configFile());
      Optional<Contexts.Settings> before = Optional.ofNullable(contexts.byName().get(name));
      Contexts.Settings settings =
          new Contexts.Settings(
              endpoints(before),
              path("--certificate", certificate, before.map(Contexts.Settings::certificate)),
              path("--key", key, before.map(Contexts.Settings::key)),
              path("--authority", authority, before.map(Contexts.Settings::authority)));
      Contexts changed = contexts.with(name, settings);
      if (current || changed.current().isEmpty()) {
        changed = changed.withCurrent(name);
      }
      ContextFile.write(changed);
      root.printer()
          .fact(
              "Context " + name + " is set in " + changed.file() + ".",
              Struct.newBuilder().putFields("name", text(name)).build());
      warn(changed);
      return ExitCode.DONE.number();
    }

    private List<String> endpoints(Optional<Contexts.Settings> before) {
      for (String endpoint : endpoints) {
        if (Endpoint.parse(endpoint).isEmpty()) {
          throw Failure.usage("--endpoint: " + endpoint + " (expected: host:port)");
        }
      }
      return endpoints.isEmpty()
          ? before.orElseThrow(() -> missing("--endpoint")).endpoints()
          : endpoints;
    }

    private String path(String option, @Nullable Path given, Optional<String> before) {
      return given != null
          ? given.toAbsolutePath().normalize().toString()
          : before.orElseThrow(() -> missing(option));
    }

    private Failure missing(String option) {
      return Failure.usage("Context " + name + " is new and needs " + option + ".");
    }

    /** The files may come later; until then it is good to know. */
    private void warn(Contexts contexts) {
      try {
        var _ = Credentials.read(contexts.select(Optional.of(name)), root.environment().clock());
      } catch (Failure unusable) {
        root.environment().err().println("understudy: not usable yet: " + unusable.sentence());
      }
    }
  }
}
