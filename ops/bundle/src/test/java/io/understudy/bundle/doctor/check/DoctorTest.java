package io.understudy.bundle.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.Hosts;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class DoctorTest {
  private static final HostManifest ALPHA = Hosts.alpha();
  private static final CertificateFiles NODE = ALPHA.certificates().getLast();

  @Test
  void aHealthyNodeHasNothingToBeTold() throws Exception {
    assertThat(examine(ALPHA, Healthy.machine(ALPHA)))
        .isNotEmpty()
        .allMatch(finding -> finding.symptom() == Symptom.HEALTHY)
        .allMatch(finding -> finding.sentence().endsWith("."));
  }

  @Test
  void aHealthyDeskAndAHealthyWitnessHaveNothingToBeTold() throws Exception {
    for (HostManifest manifest : List.of(Hosts.desk(), Hosts.gamma())) {
      assertThat(examine(manifest, Healthy.machine(manifest)))
          .as(manifest.host())
          .isNotEmpty()
          .allMatch(finding -> finding.symptom() == Symptom.HEALTHY);
    }
  }

  @Test
  void theFilesOfAnOperatorMayBelongToThatPerson() throws Exception {
    StagedMachine machine = Healthy.machine(Hosts.desk());
    machine.file("/etc/understudy/operators/anna/anna.key", 0600, "anna:anna");

    assertThat(wrong(examine(Hosts.desk(), machine))).isEmpty();
  }

  @Test
  void whoeverIsNotRootGetsOneFindingForAllThatMayNotBeLookedAt() throws Exception {
    StagedMachine machine = Healthy.machine(ALPHA);
    machine.output(TunnelCheck.COMMAND, Answer.Cause.NOT_PERMITTED, "Operation not permitted");
    machine.output(FirewallCheck.COMMAND, Answer.Cause.NOT_PERMITTED, "you must be root");
    machine.texts.put(
        NODE.key(), Answer.unknown(Answer.Cause.NOT_PERMITTED, NODE.key() + " may not be read"));

    ImmutableList<Finding> found = wrong(examine(ALPHA, machine));

    assertThat(found).hasSize(1);
    assertThat(found.getFirst().sentence())
        .isEqualTo(
            "These may not be looked at by this user: tunnel, /etc/understudy/tls/node.key,"
                + " firewall.");
    assertThat(found.getFirst().remedy()).isEqualTo("sudo understudy cluster doctor");
  }

  @Test
  void duringARotationTheHostSaysWhenItIsReadyToPreferTheNewInterface() throws Exception {
    HostManifest manifest = Hosts.alpha(Hosts.OLD, Hosts.NEW);
    StagedMachine machine = Healthy.machine(manifest);

    assertThat(wrong(examine(manifest, machine)))
        .extracting(Finding::symptom, Finding::subject)
        .containsExactly(tuple(Symptom.TUNNEL_READY, "wg1"));
  }

  @Test
  void duringARotationASilentNewInterfaceIsAWarningNotToPreferIt() throws Exception {
    HostManifest manifest = Hosts.alpha(Hosts.OLD, Hosts.NEW);
    StagedMachine machine = Healthy.machine(manifest);
    machine.edit(
        TunnelCheck.COMMAND,
        "wg1\tnew-key-of-beta=\tsecret\t198.51.100.2:51821\t10.77.0.2/32\t" + Healthy.HANDSHAKE,
        "wg1\tnew-key-of-beta=\tsecret\t198.51.100.2:51821\t10.77.0.2/32\t0");

    ImmutableList<Finding> found = wrong(examine(manifest, machine));

    assertThat(found).extracting(Finding::symptom).containsExactly(Symptom.TUNNEL_UNUSED_SILENT);
    assertThat(Doctor.worst(found)).isEqualTo(Severity.WARNING);
  }

  @Test
  void aGatewaysSecretOnAWitnessIsMisplaced() throws Exception {
    StagedMachine machine = Healthy.machine(Hosts.gamma());
    machine.file(CredentialCheck.DIRECTORY + "live-password", 0600, "root:root");

    assertThat(wrong(examine(Hosts.gamma(), machine)))
        .extracting(Finding::symptom)
        .containsExactly(Symptom.SECRET_MISPLACED);
  }

  @Test
  void aCheckWithABugDoesNotCostTheFindingsOfTheOthers() throws Exception {
    ImmutableList<Finding> found =
        new Doctor(new StagedMachine(Healthy.NOW))
            .examine(
                ALPHA,
                ImmutableList.of(
                    check((_, _) -> {
                      throw new IllegalStateException("seven is not eight");
                    }),
                    check((_, _) -> ImmutableList.of(Finding.healthy("this", "It is well.")))),
                Duration.ofSeconds(10));

    assertThat(found)
        .extracting(Finding::symptom)
        .containsExactly(Symptom.CHECK_FAILED, Symptom.HEALTHY);
    assertThat(found.getFirst().sentence()).contains("seven is not eight");
  }

  @Test
  void aCheckThatHangsIsAFinding() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    ImmutableList<Finding> found =
        new Doctor(new StagedMachine(Healthy.NOW))
            .examine(
                ALPHA,
                ImmutableList.of(
                    check((_, _) -> {
                      try {
                        never.await();
                      } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                      }
                      return ImmutableList.of();
                    })),
                Duration.ofMillis(50));

    assertThat(found).extracting(Finding::symptom).containsExactly(Symptom.TOOL_HANGS);
  }

  @Test
  void eachSymptomHasARowInTheDocument() throws Exception {
    String document = Files.readString(Path.of("../../docs/doctor.md"));

    assertThat(
            Arrays.stream(Symptom.values())
                .filter(symptom -> symptom != Symptom.HEALTHY)
                .map(symptom ->
                    "| `%s` | %s |"
                        .formatted(
                            symptom.word(),
                            symptom.severity().toString().toLowerCase(Locale.ROOT))))
        .allSatisfy(row -> assertThat(document).contains(row));
  }

  private interface Body {
    ImmutableList<Finding> findings(HostManifest manifest, Machine machine);
  }

  private static Check check(Body body) {
    return new Check() {
      @Override
      public String subject() {
        return "test";
      }

      @Override
      public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
        return body.findings(manifest, machine);
      }
    };
  }

  static ImmutableList<Finding> examine(HostManifest manifest, Machine machine)
      throws InterruptedException {
    return new Doctor(machine).examine(manifest);
  }

  static ImmutableList<Finding> wrong(ImmutableList<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.symptom() != Symptom.HEALTHY)
        .collect(ImmutableList.toImmutableList());
  }
}
