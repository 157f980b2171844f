package io.understudy.controller.verb;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.authority.Progress;
import io.understudy.bundle.authority.Rotation;
import io.understudy.bundle.authority.Signal;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.output.OutputFormat;
import io.understudy.controller.output.RotationTable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replaces keys and certificates, one stage at a time. */
@Command(
    name = "rotate",
    description = {
      "Replace keys and certificates, one stage at a time.",
      "After each stage: render, and install the bundles on every host. Hosts of neighbouring stages"
          + " can talk, so their order does not matter; hosts two stages apart may not."
    })
final class ClusterRotateVerb implements Runnable {
  private static final String ABORT = "Take the last stage back.";

  private final Understudy root;

  @Spec private @Nullable CommandSpec spec;

  ClusterRotateVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public void run() {
    CommandSpec own = spec;
    if (own != null) {
      throw new ParameterException(own.commandLine(), "What to rotate is missing.");
    }
  }

  @Command(
      name = "wireguard",
      description = "The tunnel's keys: a second interface is introduced, preferred, then alone.")
  int wireguard(
      @Mixin AuthorityOptions options,
      @Option(names = "--abort", description = ABORT) boolean abort) {
    return rotate(options, new Rotation.TunnelKeySet(), abort);
  }

  @Command(
      name = "certificates",
      description =
          "All certificates, from the same authorities; or, in three stages, the authorities too.")
  int certificates(
      @Mixin AuthorityOptions options,
      @Option(
              names = "--authorities",
              description =
                  "Replace the authorities: the new ones are trusted, issue, then are alone.")
          boolean authorities,
      @Option(names = "--abort", description = ABORT) boolean abort) {
    Rotation rotation = authorities ? new Rotation.Authorities() : new Rotation.Certificates();
    return rotate(options, rotation, abort);
  }

  @Command(
      name = "operator",
      description =
          "One operator's certificate: a new one is issued, then the former ones are revoked.")
  int operator(
      @Mixin AuthorityOptions options,
      @Parameters(paramLabel = "NAME", description = "The operator's name.") String name) {
    return rotate(options, new Rotation.OperatorCertificate(name), false);
  }

  @Command(name = "status", description = "Where each rotation stands, and what goes on with it.")
  int status(@Mixin ClusterOptions options) {
    List<Progress> progress =
        AuthorityOperation.on(root, options, (authority, _) -> authority.progress());
    if (root.output() == OutputFormat.table) {
      RotationTable table =
          new RotationTable(root.canvas(root.environment().out(), root.outIsScreen()));
      progress.forEach(each -> table.add(each.what(), each.stage(), each.meaning(), each.next()));
      table.print();
    } else {
      root.printer().fact("", data(progress));
    }
    return ExitCode.DONE.number();
  }

  private int rotate(AuthorityOptions options, Rotation rotation, boolean abort) {
    Signal signal = abort ? Signal.ABORT : Signal.ADVANCE;
    return new AuthorityOperation(root, options)
        .change(
            (authority, cluster) -> authority.plan(rotation, signal, cluster),
            (authority, cluster) -> authority.carryOut(rotation, signal, cluster));
  }

  private static Struct data(List<Progress> progress) {
    ListValue.Builder rotations = ListValue.newBuilder();
    for (Progress each : progress) {
      rotations.addValues(
          Value.newBuilder()
              .setStructValue(
                  Struct.newBuilder()
                      .putFields("what", text(each.what()))
                      .putFields("stage", text(each.stage()))
                      .putFields("meaning", text(each.meaning()))
                      .putFields("next", text(each.next()))));
    }
    return Struct.newBuilder()
        .putFields("rotations", Value.newBuilder().setListValue(rotations).build())
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
