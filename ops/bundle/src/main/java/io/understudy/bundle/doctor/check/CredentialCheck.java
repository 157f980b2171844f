package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import java.util.Locale;

/**
 * Whether the secrets that are entered on the host are there, plain or sealed, for root alone; and
 * whether none lies on a host that has no business with them. Their contents are not looked at.
 */
final class CredentialCheck implements Check {
  static final String DIRECTORY = "/etc/understudy/credentials/";
  private static final int MODE = 0600;
  private static final String OWNER = "root:root";

  @Override
  public String subject() {
    return "credentials";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    manifest.credentials().forEach(name -> findings.add(credential(name, machine)));
    if (manifest.credentials().isEmpty()
        && machine.filesBelow(DIRECTORY)
            instanceof Answer.Known<ImmutableList<String>>(var paths)) {
      paths.forEach(path ->
          findings.add(
              new Finding(
                  Symptom.SECRET_MISPLACED,
                  path,
                  "A host of role "
                      + manifest.role().toString().toLowerCase(Locale.ROOT)
                      + " logs in nowhere and should hold no gateway's secret.",
                  "sudo shred -u " + path)));
    }
    return findings.build();
  }

  private static Finding credential(String name, Machine machine) {
    String plain = DIRECTORY + name;
    String sealed = plain + ".cred";
    Answer<FileFacts> found = machine.file(plain);
    String path = plain;
    if (found instanceof Answer.Unknown<FileFacts>(Answer.Cause cause, _)
        && cause == Answer.Cause.ABSENT) {
      found = machine.file(sealed);
      path = sealed;
    }
    return switch (found) {
      case Answer.Known<FileFacts>(FileFacts facts) -> judge(path, facts);
      case Answer.Unknown<FileFacts> unknown when unknown.cause() == Answer.Cause.ABSENT ->
          new Finding(
              Symptom.CREDENTIAL_MISSING,
              plain,
              "The credential is neither there nor sealed in "
                  + sealed
                  + "; without it understudyd does not start.",
              "run the bundle's install.sh, which asks for it");
      case Answer.Unknown<FileFacts> unknown -> Unanswered.file(path, unknown);
    };
  }

  private static Finding judge(String path, FileFacts facts) {
    if (facts.size() == 0) {
      return new Finding(
          Symptom.CREDENTIAL_EMPTY,
          path,
          "The credential is empty.",
          "sudo rm " + path + ", and run the bundle's install.sh, which asks for it");
    }
    if (facts.mode() != MODE || !facts.owner().equals(OWNER)) {
      return new Finding(
          Symptom.CREDENTIAL_OPEN,
          path,
          "mode and owner: %s %s (expected: 0600 %s)"
              .formatted(facts.octal(), facts.owner(), OWNER),
          "sudo chown " + OWNER + " " + path + " && sudo chmod 0600 " + path);
    }
    return Finding.healthy(path, "It is there, for root alone.");
  }
}
