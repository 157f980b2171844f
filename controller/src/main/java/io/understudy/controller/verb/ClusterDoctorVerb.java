package io.understudy.controller.verb;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.ManifestJson;
import io.understudy.bundle.doctor.check.Doctor;
import io.understudy.bundle.doctor.check.Finding;
import io.understudy.bundle.doctor.check.Severity;
import io.understudy.bundle.doctor.machine.LocalMachine;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.output.FindingList;
import io.understudy.controller.output.OutputFormat;
import io.understudy.controller.output.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the host that it runs on with what its bundle says. */
@Command(
    name = "doctor",
    description = {
      "Compare this host with what its bundle says it should be, and tell the remedy of each"
          + " difference. Nothing is changed. Run it as root on a host of the cluster; --verbose"
          + " shows what is well, too."
    },
    footer =
        "%nExit codes: 0 healthy, 1 not a host of a cluster, 3 a warning or an error was found.")
final class ClusterDoctorVerb implements Callable<Integer> {
  private final Understudy root;

  @Option(
      names = "--host-file",
      paramLabel = "FILE",
      defaultValue = HostManifest.TARGET,
      description = "What the host should be (default: " + HostManifest.TARGET + ").")
  private Path hostFile = Path.of(HostManifest.TARGET);

  ClusterDoctorVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() throws InterruptedException {
    HostManifest manifest = manifest();
    ImmutableList<Finding> findings =
        new Doctor(new LocalMachine(Path.of("/"), root.environment().clock())).examine(manifest);
    if (root.output() == OutputFormat.table) {
      print(manifest, findings);
    } else {
      root.printer().fact("", data(manifest, findings));
    }
    return (healthy(findings) ? ExitCode.DONE : ExitCode.DEGRADED).number();
  }

  private HostManifest manifest() {
    try {
      return ManifestJson.read(Files.readString(hostFile));
    } catch (NoSuchFileException _) {
      throw Failure.usage(
          "This is not a host of a cluster: "
              + hostFile
              + " does not exist (run the install.sh of this host's bundle first).");
    } catch (IOException e) {
      throw Failure.usage(hostFile + " cannot be read: " + e.getMessage() + ".");
    } catch (IllegalArgumentException e) {
      throw Failure.usage(
          hostFile
              + " does not say what a host should be: "
              + e.getMessage()
              + " (install the bundle again, with an understudy of the same version).");
    }
  }

  private static boolean healthy(ImmutableList<Finding> findings) {
    return Doctor.worst(findings).compareTo(Severity.WARNING) < 0;
  }

  private void print(HostManifest manifest, ImmutableList<Finding> findings) {
    FindingList list = new FindingList(root.canvas(root.environment().out(), root.outIsScreen()));
    for (Finding finding : findings) {
      if (finding.severity() != Severity.OK) {
        list.finding(
            lower(finding.severity()),
            style(finding.severity()),
            finding.symptom().word(),
            finding.subject(),
            finding.sentence(),
            finding.remedy());
      } else if (root.verbose()) {
        list.healthy(finding.subject(), finding.sentence());
      }
    }
    list.summary(summary(manifest, findings), style(Doctor.worst(findings)));
  }

  private static String summary(HostManifest manifest, ImmutableList<Finding> findings) {
    String who =
        "%s (%s of cluster %s)"
            .formatted(manifest.host(), lower(manifest.role()), manifest.cluster());
    long errors = count(findings, Severity.ERROR);
    long warnings = count(findings, Severity.WARNING);
    return healthy(findings)
        ? "%s is healthy: %d things are as they should be."
            .formatted(who, count(findings, Severity.OK))
        : "%s: errors: %d, warnings: %d; docs/doctor.md explains each."
            .formatted(who, errors, warnings);
  }

  private static long count(ImmutableList<Finding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  private static Style style(Severity severity) {
    return switch (severity) {
      case OK -> Style.GOOD;
      case INFO -> Style.DIM;
      case WARNING -> Style.BUSY;
      case ERROR -> Style.BAD;
    };
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static Struct data(HostManifest manifest, ImmutableList<Finding> findings) {
    ListValue.Builder list = ListValue.newBuilder();
    for (Finding finding : findings) {
      Struct.Builder keys =
          Struct.newBuilder()
              .putFields("level", text(lower(finding.severity())))
              .putFields("finding", text(finding.symptom().word()))
              .putFields("subject", text(finding.subject()))
              .putFields("sentence", text(finding.sentence()))
              .putFields("remedy", text(finding.remedy()));
      list.addValues(Value.newBuilder().setStructValue(keys));
    }
    return Struct.newBuilder()
        .putFields("cluster", text(manifest.cluster()))
        .putFields("host", text(manifest.host()))
        .putFields("role", text(lower(manifest.role())))
        .putFields("healthy", Value.newBuilder().setBoolValue(healthy(findings)).build())
        .putFields("findings", Value.newBuilder().setListValue(list).build())
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
