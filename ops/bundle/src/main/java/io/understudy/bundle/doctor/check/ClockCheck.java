package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.OtherNode;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.Machine.ClockOffset;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import java.time.Duration;

/**
 * Whether the clock follows a time server and agrees with the other nodes. A one-time code is good
 * for 30 s: a clock that is 10 s off spends login attempts on codes that are refused.
 */
final class ClockCheck implements Check {
  static final ImmutableList<String> COMMAND =
      ImmutableList.of("timedatectl", "show", "--property=NTPSynchronized", "--value");
  static final ImmutableList<String> CONTAINER =
      ImmutableList.of("systemd-detect-virt", "--container", "--quiet");

  /** Left by systemd-timesyncd, also where nobody runs the bus that timedatectl asks over. */
  static final String SYNCHRONISED = "/run/systemd/timesync/synchronized";

  private static final Duration APART = Duration.ofSeconds(2);
  private static final Duration FAR_APART = Duration.ofSeconds(10);
  private static final String REMEDY = "sudo apt-get install chrony && sudo chronyc makestep";

  @Override
  public String subject() {
    return "clock";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    findings.add(synchronised(machine));
    for (OtherNode node : manifest.nodes()) {
      findings.add(api(node, machine));
      findings.add(offset(node, machine));
    }
    return findings.build();
  }

  private static Finding synchronised(Machine machine) {
    Answer<String> told = machine.output(COMMAND);
    if (told.equals(Answer.known("yes\n"))
        || machine.file(SYNCHRONISED) instanceof Answer.Known<FileFacts>) {
      return Finding.healthy("clock", "It follows a time server.");
    }
    // A container has no clock of its own to set.
    if (machine.output(CONTAINER) instanceof Answer.Known<String>) {
      return Finding.healthy("clock", "It is that of the machine which this container runs on.");
    }
    return switch (told) {
      case Answer.Known<String> _ ->
          new Finding(
              Symptom.CLOCK_NOT_SYNCHRONISED,
              "clock",
              "The clock does not follow a time server.",
              REMEDY);
      case Answer.Unknown<String> unknown ->
          Unanswered.command("clock", unknown, "systemd", "timedatectl show");
    };
  }

  private static Finding offset(OtherNode node, Machine machine) {
    String subject = "clock against " + node.host();
    return switch (machine.clockOffset(node.address(), node.httpPort())) {
      case Answer.Known<ClockOffset>(ClockOffset offset) -> judge(subject, node, offset);
      case Answer.Unknown<ClockOffset>(_, String sentence) ->
          new Finding(
              Symptom.CLOCK_NOT_COMPARED,
              subject,
              "The node at %s:%d does not tell its time: %s."
                  .formatted(node.address(), node.httpPort(), sentence),
              "on " + node.host() + ": sudo understudy cluster doctor");
    };
  }

  private static Finding judge(String subject, OtherNode node, ClockOffset offset) {
    Duration certain = offset.certain();
    if (certain.compareTo(APART) <= 0) {
      return Finding.healthy(
          subject,
          "The two differ by %s to %s.".formatted(seconds(offset.least()), seconds(offset.most())));
    }
    return new Finding(
        certain.compareTo(FAR_APART) > 0 ? Symptom.CLOCK_FAR_APART : Symptom.CLOCK_APART,
        subject,
        "The clocks of this host and of %s differ by at least %s."
            .formatted(node.host(), seconds(certain)),
        "timedatectl; " + REMEDY);
  }

  private static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }

  private static Finding api(OtherNode node, Machine machine) {
    String subject = "API of " + node.host();
    return switch (machine.accepts(node.address(), node.apiPort())) {
      case Answer.Known<Boolean> _ -> Finding.healthy(subject, "It accepts connections.");
      case Answer.Unknown<Boolean>(_, String sentence) ->
          new Finding(
              Symptom.NODE_UNREACHABLE,
              subject,
              "Nothing answers at %s:%d: %s.".formatted(node.address(), node.apiPort(), sentence),
              "on " + node.host() + ": sudo systemctl status understudyd");
    };
  }
}
