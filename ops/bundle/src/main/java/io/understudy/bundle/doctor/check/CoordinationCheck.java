package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.Coordination;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import io.understudy.bundle.doctor.machine.Machine.ServerReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether the ensemble has a quorum with a server to spare, and the session timeout and the tick
 * that the lease's arithmetic was made for.
 */
final class CoordinationCheck implements Check {
  static final String SERVER_FILE = "/etc/understudy-zookeeper/zoo.cfg";
  private static final int TICK_MILLIS_MAX = 500;
  private static final String RESTART = "sudo systemctl restart understudy-zookeeper";
  private static final String LOOK = "sudo journalctl -u understudy-zookeeper -n 50";

  @Override
  public String subject() {
    return "ZooKeeper";
  }

  @Override
  public ImmutableList<Finding> findings(HostManifest manifest, Machine machine) {
    if (manifest.coordination().servers().isEmpty()) {
      return ImmutableList.of();
    }
    Optional<CertificateFiles> identity = identity(manifest);
    if (identity.isEmpty()) {
      return ImmutableList.of(
          new Finding(
              Symptom.CHECK_FAILED,
              "ZooKeeper",
              "The bundle names no certificate to ask the ZooKeeper servers with.",
              "understudy cluster render, and run its install.sh"));
    }
    Optional<String> missing = missing(identity.get(), machine);
    if (missing.isPresent()) {
      return ImmutableList.of(
          new Finding(
              Symptom.TOOL_FAILED,
              "ZooKeeper",
              "The ZooKeeper servers cannot be asked: " + missing.get() + " is missing.",
              "run the bundle's install.sh"));
    }
    Coordination coordination = manifest.coordination();
    Duration wanted = Duration.ofMillis(coordination.sessionTimeoutMillis());
    ImmutableMap.Builder<CoordinationServer, Answer<ServerReport>> answers = ImmutableMap.builder();
    for (CoordinationServer server : coordination.servers()) {
      answers.put(server, machine.server(server, identity.get(), wanted));
    }
    return ImmutableList.<Finding>builder()
        .addAll(new Ensemble(manifest, answers.buildOrThrow()).findings())
        .addAll(tick(coordination, machine))
        .build();
  }

  /** The daemon's own where there is one; the servers accept each other's as well. */
  private static Optional<CertificateFiles> identity(HostManifest manifest) {
    List<CertificateFiles> files = manifest.certificates();
    return files.stream()
        .filter(file -> file.certificate().endsWith("/coordination.crt"))
        .findFirst()
        .or(() ->
            files.stream().filter(file -> file.certificate().endsWith("/server.pem")).findFirst());
  }

  private static Optional<String> missing(CertificateFiles identity, Machine machine) {
    return Stream.of(identity.certificate(), identity.key(), identity.authority())
        .filter(path ->
            machine.file(path) instanceof Answer.Unknown<FileFacts>(Answer.Cause cause, _)
                && cause == Answer.Cause.ABSENT)
        .findFirst();
  }

  record Ensemble(
      HostManifest manifest, ImmutableMap<CoordinationServer, Answer<ServerReport>> answers) {
    List<Finding> findings() {
      List<Finding> findings = new ArrayList<>();
      List<CoordinationServer> serving = new ArrayList<>();
      List<CoordinationServer> leading = new ArrayList<>();
      answers.forEach((server, answer) -> {
        findings.addAll(server(server, answer));
        if (answer instanceof Answer.Known<ServerReport>(ServerReport report)
            && !report.mode().isEmpty()) {
          serving.add(server);
          if (report.mode().equals("leader") || report.mode().equals("standalone")) {
            leading.add(server);
          }
        }
      });
      if (manifest.role().node() && answers.values().stream().noneMatch(Ensemble::notPermitted)) {
        findings.add(quorum(serving, leading));
      }
      return findings;
    }

    private static boolean notPermitted(Answer<ServerReport> answer) {
      return answer instanceof Answer.Unknown<ServerReport>(Answer.Cause cause, _)
          && cause == Answer.Cause.NOT_PERMITTED;
    }

    private List<Finding> server(CoordinationServer server, Answer<ServerReport> answer) {
      String subject = "ZooKeeper on " + server.host();
      return switch (answer) {
        case Answer.Known<ServerReport>(ServerReport report) when report.mode().isEmpty() ->
            List.of(
                new Finding(
                    Symptom.COORDINATION_WITHOUT_QUORUM,
                    subject,
                    "The server runs and serves nobody, because it has no quorum.",
                    "on " + server.host() + ": " + LOOK));
        case Answer.Known<ServerReport>(ServerReport report) ->
            List.of(
                Finding.healthy(subject, "It answers as " + report.mode() + "."),
                timeout(subject, server, report));
        case Answer.Unknown<ServerReport> unknown
            when unknown.cause() == Answer.Cause.NOT_PERMITTED ->
            List.of(Unanswered.file(subject, unknown));
        case Answer.Unknown<ServerReport> unknown -> List.of(unreachable(subject, server, unknown));
      };
    }

    private Finding unreachable(
        String subject, CoordinationServer server, Answer.Unknown<ServerReport> unknown) {
      boolean own = server.host().equals(manifest.host());
      String sentence =
          "The server at %s:%d does not answer: %s."
              .formatted(server.address(), server.port(), unknown.sentence());
      return own
          ? new Finding(
              Symptom.COORDINATION_OWN_DOWN,
              subject,
              sentence,
              "sudo systemctl status understudy-zookeeper; " + LOOK)
          : new Finding(
              Symptom.COORDINATION_UNREACHABLE,
              subject,
              sentence,
              "on " + server.host() + ": sudo understudy cluster doctor");
    }

    private Finding timeout(String subject, CoordinationServer server, ServerReport report) {
      int wanted = manifest.coordination().sessionTimeoutMillis();
      if (report.sessionTimeoutMillis() == wanted) {
        return Finding.healthy(subject, "It grants the session timeout of " + wanted + " ms.");
      }
      return new Finding(
          Symptom.SESSION_TIMEOUT_OTHER,
          subject,
          report.sessionTimeoutMillis() == 0
              ? "The server grants no session."
              : "It grants a session timeout of %d ms, and nodes insist on %d ms."
                  .formatted(report.sessionTimeoutMillis(), wanted),
          "on " + server.host() + ": grep -i -E 'tick|session' " + SERVER_FILE + "; " + RESTART);
    }

    private Finding quorum(List<CoordinationServer> serving, List<CoordinationServer> leading) {
      int all = answers.size();
      int needed = all / 2 + 1;
      if (serving.size() < needed) {
        return new Finding(
            Symptom.COORDINATION_WITHOUT_QUORUM,
            "ZooKeeper",
            "%d of %d servers serve, %d are needed: nobody leads."
                .formatted(serving.size(), all, needed),
            LOOK);
      }
      if (leading.size() != 1) {
        return new Finding(
            Symptom.COORDINATION_LEADERS,
            "ZooKeeper",
            leading.isEmpty()
                ? "No server that answers is the ensemble's leader."
                : "More than one server leads: "
                    + String.join(", ", leading.stream().map(CoordinationServer::host).toList())
                    + "; they are not one ensemble.",
            "on each host: grep '^server' " + SERVER_FILE);
      }
      if (serving.size() == needed && needed < all) {
        return new Finding(
            Symptom.COORDINATION_NO_SPARE,
            "ZooKeeper",
            "%d of %d servers serve: with one more down nobody leads."
                .formatted(serving.size(), all),
            "bring back the server that does not answer");
      }
      return Finding.healthy(
          "ZooKeeper",
          "%d of %d servers serve, led by %s."
              .formatted(serving.size(), all, leading.getFirst().host()));
    }
  }

  private static List<Finding> tick(Coordination coordination, Machine machine) {
    return switch (machine.text(SERVER_FILE)) {
      case Answer.Known<String>(String text) -> List.of(judgeTick(coordination, text));
      // What is missing is among the files that are missing.
      case Answer.Unknown<String> unknown when unknown.cause() == Answer.Cause.ABSENT -> List.of();
      case Answer.Unknown<String> unknown -> List.of(Unanswered.file(SERVER_FILE, unknown));
    };
  }

  private static Finding judgeTick(Coordination coordination, String text) {
    int tick =
        text.lines()
            .filter(line -> line.startsWith("tickTime="))
            .map(line -> Ints.tryParse(line.substring("tickTime=".length()).strip()))
            .findFirst()
            .orElse(0);
    if (tick == coordination.tickMillis() && tick <= TICK_MILLIS_MAX) {
      return Finding.healthy(SERVER_FILE, "A tick takes " + tick + " ms.");
    }
    return new Finding(
        Symptom.TICK_OTHER,
        SERVER_FILE,
        "tickTime: %d (expected: %d; the lease counts on a ping between servers each half tick)"
            .formatted(tick, Math.min(TICK_MILLIS_MAX, coordination.tickMillis())),
        "run the bundle's install.sh; " + RESTART);
  }
}
