package io.understudy.controller.verb;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.check.Doctor;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.LocalMachine;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.output.DocumentPrinter;
import io.understudy.controller.support.LocalNode;
import io.understudy.controller.support.SupportBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes one archive of what somebody needs who helps from afar. */
@Command(
    name = "support-bundle",
    description = "Collect what this host can tell of itself into one archive without secrets.",
    footer = {
      "%nConfiguration, units, logs of the last day, the daemon's journal, status, metrics, health,"
          + " the doctor's findings and versions. What could not be had is listed in MISSING.txt."
          + " Run it as root on a host of the cluster.",
      "%nExit codes: 0 written, whatever is missing; 1 the archive cannot be written."
    })
final class SupportBundleVerb implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Understudy root;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The archive (default: ./understudy-support-HOST-TIME.zip).")
  private @Nullable Path out;

  @Option(names = "--root", hidden = true, description = "Where the host's files lie.")
  private Path files = Path.of("/");

  SupportBundleVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() throws InterruptedException {
    LocalMachine machine = new LocalMachine(files, root.environment().clock());
    SupportBundle bundle = SupportBundle.of(files, machine);
    LocalNode node = new LocalNode(bundle.http());
    Answer<String> findings = findings(bundle, machine);
    bundle
        .with("versions.txt", () -> Answer.known(versions()))
        .with("doctor.json", () -> findings)
        .with("status.json", this::status)
        .with("health.json", () -> node.get("/health"))
        .with("metrics.txt", () -> node.get("/metrics"));
    Path file = out == null ? Path.of(name(bundle)) : out;
    try {
      tell(file, bundle.write(file));
    } catch (IOException e) {
      throw Failure.usage(
          "The archive " + file + " cannot be written: " + why(e) + " (choose another --out).");
    }
    return ExitCode.DONE.number();
  }

  private String name(SupportBundle bundle) {
    return "understudy-support-"
        + bundle.manifest().map(HostManifest::host).orElse("host")
        + "-"
        + STAMP.format(root.environment().clock().instant())
        + ".zip";
  }

  private void tell(Path file, SupportBundle.Report report) {
    ListValue.Builder missing = ListValue.newBuilder();
    report.missing().forEach(each -> missing.addValues(Value.newBuilder().setStringValue(each)));
    root.printer()
        .fact(
            "Wrote %s: %d parts, %d missing (MISSING.txt says why). Look through it before you send it."
                .formatted(file, report.parts(), report.missing().size()),
            Struct.newBuilder()
                .putFields("file", Value.newBuilder().setStringValue(file.toString()).build())
                .putFields("parts", Value.newBuilder().setNumberValue(report.parts()).build())
                .putFields("missing", Value.newBuilder().setListValue(missing).build())
                .build());
  }

  private static String versions() {
    return "understudy "
        + Version.current()
        + "\njava "
        + Runtime.version()
        + "\nsystem "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + "\n";
  }

  private Answer<String> status() {
    try {
      return Answer.known(SupportStatus.json(root));
    } catch (Failure e) {
      return Answer.unknown(Answer.Cause.FAILED, e.sentence());
    }
  }

  private static Answer<String> findings(SupportBundle bundle, LocalMachine machine)
      throws InterruptedException {
    if (bundle.manifest().isEmpty()) {
      return Answer.unknown(
          Answer.Cause.ABSENT,
          HostManifest.TARGET + " does not say what the host should be, so nothing was compared");
    }
    HostManifest manifest = bundle.manifest().orElseThrow();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    new DocumentPrinter(new PrintStream(text, true, StandardCharsets.UTF_8), false, false)
        .fact("", ClusterDoctorVerb.data(manifest, new Doctor(machine).examine(manifest)));
    return Answer.known(text.toString(StandardCharsets.UTF_8));
  }

  private static String why(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "its folder does not exist";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    };
  }
}
