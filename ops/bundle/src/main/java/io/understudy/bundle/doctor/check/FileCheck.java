package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import java.util.ArrayList;
import java.util.List;

/** Whether the bundle's files lie as it put them, and no secret beside them is open. */
final class FileCheck implements Check {
  private static final ImmutableList<String> DIRECTORIES =
      ImmutableList.of("/etc/understudy", "/etc/understudy-zookeeper", "/etc/wireguard");

  /** {@code install.sh} gives what lies there to the operators' users on that host. */
  private static final String OPERATORS = "/etc/understudy/operators/";

  private static final ImmutableList<String> SECRET_WORDS =
      ImmutableList.of("PRIVATE KEY-----", "PrivateKey", "PresharedKey");
  private static final int OTHERS_AND_GROUP = 0077;

  @Override
  public String subject() {
    return "files";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    for (InstalledFile file : manifest.files()) {
      findings.addAll(findings(file, machine.file(file.target())));
    }
    ImmutableSet<String> known =
        manifest.files().stream().map(InstalledFile::target).collect(ImmutableSet.toImmutableSet());
    for (String directory : DIRECTORIES) {
      if (machine.filesBelow(directory) instanceof Answer.Known<ImmutableList<String>>(var paths)) {
        paths.stream()
            .filter(path -> !known.contains(path) && !path.startsWith(CredentialCheck.DIRECTORY))
            .forEach(path -> findings.addAll(stray(path, machine)));
      }
    }
    return findings.build();
  }

  private static List<Finding> findings(InstalledFile file, Answer<FileFacts> answer) {
    return switch (answer) {
      case Answer.Known<FileFacts>(FileFacts facts) -> judge(file, facts);
      case Answer.Unknown<FileFacts> unknown when unknown.cause() == Answer.Cause.ABSENT ->
          List.of(
              new Finding(
                  Symptom.FILE_MISSING,
                  file.target(),
                  "The file is missing.",
                  "run the bundle's install.sh"));
      case Answer.Unknown<FileFacts> unknown -> List.of(Unanswered.file(file.target(), unknown));
    };
  }

  private static List<Finding> judge(InstalledFile file, FileFacts facts) {
    List<Finding> findings = new ArrayList<>();
    int mode = Integer.parseInt(file.mode(), 8);
    if (facts.mode() != mode) {
      boolean secret = (mode & OTHERS_AND_GROUP) == 0;
      boolean open = secret && (facts.mode() & OTHERS_AND_GROUP) != 0;
      findings.add(
          new Finding(
              open ? Symptom.FILE_OPEN : Symptom.FILE_MODE_OTHER,
              file.target(),
              open
                  ? "Others may read this secret file: mode %s (expected: %s)."
                      .formatted(facts.octal(), file.mode())
                  : "mode: %s (expected: %s)".formatted(facts.octal(), file.mode()),
              "sudo chmod " + file.mode() + " " + file.target()));
    }
    if (!facts.owner().equals(file.owner()) && !file.target().startsWith(OPERATORS)) {
      findings.add(
          new Finding(
              Symptom.FILE_OWNER_OTHER,
              file.target(),
              "owner: %s (expected: %s)".formatted(facts.owner(), file.owner()),
              "sudo chown " + file.owner() + " " + file.target()));
    }
    return findings.isEmpty()
        ? List.of(
            Finding.healthy(
                file.target(),
                "It has mode " + file.mode() + " and belongs to " + file.owner() + "."))
        : findings;
  }

  /** Nobody is told of what else lies there, unless it is a key that everybody may read. */
  private static List<Finding> stray(String path, Machine machine) {
    boolean open =
        machine.file(path) instanceof Answer.Known<FileFacts>(FileFacts facts)
            && facts.openToOthers();
    boolean secret =
        open
            && machine.text(path) instanceof Answer.Known<String>(String text)
            && SECRET_WORDS.stream().anyMatch(text::contains);
    return secret
        ? List.of(
            new Finding(
                Symptom.SECRET_OPEN,
                path,
                "The file holds a key, the bundle does not know it, and everybody on this host may read"
                    + " it.",
                "sudo rm " + path + " (or sudo chmod 0600 " + path + ")"))
        : List.of();
  }
}
