package io.understudy.controller.verb;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.cluster.ClusterDraft;
import io.understudy.bundle.cluster.ClusterDraft.PublicHost;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.Subnet;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.settings.ConfigException;
import io.understudy.settings.Format;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a first cluster file, from options or from answers. */
@Command(
    name = "init",
    description = {
      "Write a first cluster file.",
      "Without --primary it asks, when there is a terminal. --gateway names the gateway (default:"
          + " live)."
    })
final class ClusterInitVerb implements Callable<Integer> {
  private static final String NAME_DEFAULT = "main";
  private static final String GATEWAY_DEFAULT = "live";
  private static final String OPERATOR_HOST_DEFAULT = "desk";

  private final Understudy root;
  private final Questions questions;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = ClusterOptions.FILE_DEFAULT,
      description = "The file to write (default: ./" + ClusterOptions.FILE_DEFAULT + ").")
  private Path file = Path.of(ClusterOptions.FILE_DEFAULT);

  @Option(names = "--name", paramLabel = "NAME", description = "The cluster's (default: main).")
  private @Nullable String name;

  @Option(
      names = "--primary",
      paramLabel = "HOST=ADDRESS",
      description = "The host that leads when it can, and where its WireGuard is reached.")
  private @Nullable String primary;

  @Option(
      names = "--standby",
      paramLabel = "HOST=ADDRESS",
      description = "A host that takes over; may stand several times.")
  private List<String> standbys = new ArrayList<>();

  @Option(
      names = "--witness",
      paramLabel = "HOST=ADDRESS",
      description = "A host that only votes; may stand several times.")
  private List<String> witnesses = new ArrayList<>();

  @Option(
      names = "--operator",
      paramLabel = "NAME",
      description = "Who commands; may stand several times (default: who you are here).")
  private List<String> operators = new ArrayList<>();

  @Option(
      names = "--operator-host",
      paramLabel = "HOST",
      description = "Where operators sit (default: desk).")
  private @Nullable String operatorHost;

  @Option(names = "--mode", paramLabel = "MODE", description = "live or paper (default: live).")
  private @Nullable String mode;

  @Option(
      names = "--second-factor",
      paramLabel = "KIND",
      description = "totp, push, operator or none (default: totp).")
  private @Nullable String secondFactor;

  @Option(
      names = "--subnet",
      paramLabel = "NETWORK",
      description = "Of the tunnel (default: 10.77.0.0/24).")
  private @Nullable String subnet;

  ClusterInitVerb(Understudy root) {
    this.root = root;
    this.questions = new Questions(root.environment());
  }

  @Override
  public Integer call() {
    refuseToOverwrite();
    boolean ask = primary == null && questions.possible();
    if (primary == null && !ask) {
      throw Failure.usage(
          "--primary HOST=ADDRESS is missing, and there is no terminal to ask on. A cluster needs"
              + " --primary, --standby and --witness.");
    }
    ClusterDraft draft = draft(ask);
    try {
      var _ = draft.check(file.toString());
    } catch (ConfigException e) {
      throw Failure.usage("Nothing was written, it would be wrong: " + e.getMessage());
    }
    write(draft.text());
    root.printer()
        .fact(
            "Wrote "
                + file
                + ". Everything that it leaves out has a default, see docs/cluster-file.md.\n"
                + "Next: understudy cluster check"
                + (file.equals(Path.of(ClusterOptions.FILE_DEFAULT)) ? "" : " " + file),
            Struct.newBuilder()
                .putFields("file", Value.newBuilder().setStringValue(file.toString()).build())
                .build());
    return ExitCode.DONE.number();
  }

  private ClusterDraft draft(boolean ask) {
    String cluster = value("--name", name, ask, "Name of the cluster", NAME_DEFAULT, Format.NAME);
    PublicHost first =
        value("--primary", primary, ask, "Primary, as NAME=ADDRESS", "", ClusterDraft.PUBLIC_HOST);
    ImmutableList<PublicHost> others = hosts("--standby", standbys, ask, "Standby");
    ImmutableList<PublicHost> votes = witnesses(others, ask);
    if (1 + others.size() + votes.size() > ClusterDraft.VOTERS_MAX) {
      throw Failure.usage(
          "Of primary, standbys and witnesses there may be "
              + ClusterDraft.VOTERS_MAX
              + " at most.");
    }
    Subnet network =
        value(
            "--subnet",
            subnet,
            ask,
            "Network of the tunnel, used nowhere else",
            ClusterDraft.SUBNET_DEFAULT.toString(),
            ClusterDraft.SUBNET);
    String desk =
        value(
            "--operator-host",
            operatorHost,
            ask,
            "Host where operators sit",
            OPERATOR_HOST_DEFAULT,
            ClusterDraft.HOST_NAME);
    return new ClusterDraft(
        cluster,
        network,
        first,
        others,
        votes,
        desk,
        operators(ask),
        value(
            "--gateway",
            root.gatewayName().orElse(null),
            ask,
            "Name of the gateway",
            GATEWAY_DEFAULT,
            ClusterDraft.GATEWAY_NAME),
        value("--mode", mode, ask, "live or paper", "live", Format.oneOf(Gateway.Mode.class)),
        value(
            "--second-factor",
            secondFactor,
            ask,
            "Second factor: totp, push, operator or none",
            "totp",
            Format.oneOf(Gateway.SecondFactor.class)));
  }

  private ImmutableList<PublicHost> witnesses(ImmutableList<PublicHost> others, boolean ask) {
    boolean enough = others.size() % 2 == 0 && !others.isEmpty();
    return hosts("--witness", witnesses, ask && !enough, "Witness");
  }

  /** Those of the option, else one that is asked for. */
  private ImmutableList<PublicHost> hosts(
      String option, List<String> given, boolean ask, String what) {
    if (given.isEmpty() && ask) {
      return ImmutableList.of(
          value(option, null, true, what + ", as NAME=ADDRESS", "", ClusterDraft.PUBLIC_HOST));
    }
    return given.stream()
        .map(text -> parsed(option, text, ClusterDraft.PUBLIC_HOST))
        .collect(ImmutableList.toImmutableList());
  }

  private ImmutableList<String> operators(boolean ask) {
    if (!operators.isEmpty()) {
      return operators.stream()
          .map(text -> parsed("--operator", text, Format.NAME))
          .distinct()
          .collect(ImmutableList.toImmutableList());
    }
    String user = Optional.ofNullable(root.environment().variables().get("USER")).orElse("");
    String standard = ClusterDraft.mayBeOperator(user) ? user : "operator";
    return ImmutableList.of(
        value("--operator", null, ask, "Name of the first operator", standard, Format.NAME));
  }

  private <T> T value(
      String option,
      @Nullable String given,
      boolean ask,
      String question,
      String standard,
      Format<T> format) {
    if (given != null) {
      return parsed(option, given, format);
    }
    return ask
        ? questions.answer(question, standard, text -> parsed(question, text, format))
        : parsed(option, standard, format);
  }

  private static <T> T parsed(String where, String text, Format<T> format) {
    try {
      return format.parse(text);
    } catch (Format.Rejected e) {
      throw Failure.usage(where + ": " + e.sentence());
    }
  }

  private void refuseToOverwrite() {
    if (Files.exists(file)) {
      throw exists();
    }
  }

  private Failure exists() {
    return Failure.usage(
        file + " is there already and stays as it is. Name another file, or edit that one.");
  }

  private void write(String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw exists();
    } catch (IOException e) {
      throw Failure.usage(file + " cannot be written: check its folder and your rights there.");
    }
  }
}
