package io.understudy.bundle.doctor.check;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.machine.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Carries out all checks at once, each within a deadline, and returns what they found in a fixed
 * order. A check that fails by a bug costs its own findings and not those of the others.
 */
public final class Doctor {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int NAMED_MAX = 3;
  private static final ImmutableList<Check> CHECKS =
      ImmutableList.of(
          new TunnelCheck(),
          new RouteCheck(),
          new ClockCheck(),
          new CoordinationCheck(),
          new CertificateCheck(),
          new FileCheck(),
          new CredentialCheck(),
          new ProgramCheck(),
          new UnitCheck(),
          new PortCheck(),
          new FirewallCheck());

  private final Machine machine;

  public Doctor(Machine machine) {
    this.machine = machine;
  }

  /** Compares the machine with the manifest. */
  public ImmutableList<Finding> examine(HostManifest manifest) throws InterruptedException {
    return examine(manifest, CHECKS, DEADLINE);
  }

  ImmutableList<Finding> examine(
      HostManifest manifest, ImmutableList<Check> checks, Duration deadline)
      throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    List<FutureTask<ImmutableList<Finding>>> tasks = new ArrayList<>();
    for (Check check : checks) {
      FutureTask<ImmutableList<Finding>> task =
          new FutureTask<>(() -> check.findings(manifest, machine));
      Thread.ofVirtual().name("check-" + check.subject()).start(task);
      tasks.add(task);
    }
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    for (int i = 0; i < checks.size(); i++) {
      findings.addAll(result(checks.get(i), tasks.get(i), end));
    }
    return gathered(findings.build());
  }

  /** The worst of them. */
  public static Severity worst(ImmutableList<Finding> findings) {
    return findings.stream().map(Finding::severity).max(Severity::compareTo).orElse(Severity.OK);
  }

  private static List<Finding> result(
      Check check, FutureTask<ImmutableList<Finding>> task, long end) throws InterruptedException {
    try {
      return task.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      task.cancel(true);
      return List.of(
          new Finding(
              Symptom.TOOL_HANGS,
              check.subject(),
              "It could not be looked at in time.",
              "try again; look at the machine's load with uptime"));
    } catch (ExecutionException e) {
      return List.of(
          new Finding(
              Symptom.CHECK_FAILED,
              check.subject(),
              "It could not be looked at because of a bug: " + e.getCause() + ".",
              "report the sentence with the version that understudy version shows"));
    }
  }

  /** Whoever is not root gets one finding for it and not thirty. */
  private static ImmutableList<Finding> gathered(ImmutableList<Finding> findings) {
    ImmutableList<Finding> refused =
        findings.stream()
            .filter(finding -> finding.symptom() == Symptom.NOT_PERMITTED)
            .collect(toImmutableList());
    if (refused.size() <= 1) {
      return findings;
    }
    ImmutableList<String> subjects =
        refused.stream().map(Finding::subject).distinct().collect(toImmutableList());
    String named = subjects.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
    String others =
        subjects.size() > NAMED_MAX ? " and " + (subjects.size() - NAMED_MAX) + " more" : "";
    return ImmutableList.<Finding>builder()
        .addAll(
            findings.stream()
                .filter(finding -> finding.symptom() != Symptom.NOT_PERMITTED)
                .collect(toImmutableList()))
        .add(
            new Finding(
                Symptom.NOT_PERMITTED,
                "this user",
                "These may not be looked at by this user: " + named + others + ".",
                Unanswered.AS_ROOT))
        .build();
  }
}
