package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A machine whose answers a test has set; what was not set does not exist there. */
final class StagedMachine implements Machine {
  final Map<String, Answer<String>> outputs = new LinkedHashMap<>();
  final Map<String, Answer<FileFacts>> files = new LinkedHashMap<>();
  final Map<String, Answer<String>> texts = new LinkedHashMap<>();
  final Map<String, Answer<ServerReport>> servers = new LinkedHashMap<>();
  final Map<String, Answer<ClockOffset>> clocks = new LinkedHashMap<>();
  final Map<String, Answer<Boolean>> doors = new LinkedHashMap<>();
  private final Instant now;

  StagedMachine(Instant now) {
    this.now = now;
  }

  void output(ImmutableList<String> command, String output) {
    outputs.put(String.join(" ", command), Answer.known(output));
  }

  void output(ImmutableList<String> command, Answer.Cause cause, String sentence) {
    outputs.put(String.join(" ", command), Answer.unknown(cause, sentence));
  }

  void file(String path, int mode, String owner) {
    files.put(path, Answer.known(new FileFacts(false, mode, owner, 100)));
  }

  void text(String path, String text) {
    texts.put(path, Answer.known(text));
  }

  /** Exchanges a piece of what a command prints. */
  void edit(ImmutableList<String> command, String from, String to) {
    String key = String.join(" ", command);
    outputs.computeIfPresent(
        key,
        (_, answer) ->
            answer.map(text -> {
              if (!text.contains(from)) {
                throw new IllegalArgumentException(key + " does not print " + from);
              }
              return text.replace(from, to);
            }));
  }

  @Override
  public Answer<String> output(ImmutableList<String> command) {
    return known(outputs, String.join(" ", command), "the program is not installed");
  }

  @Override
  public Answer<FileFacts> file(String path) {
    return known(files, path, path + " does not exist");
  }

  @Override
  public Answer<Boolean> executable(String path) {
    return file(path).map(facts -> (facts.mode() & 0005) == 0005);
  }

  @Override
  public Answer<String> text(String path) {
    return known(texts, path, path + " does not exist");
  }

  @Override
  public Answer<ImmutableList<String>> filesBelow(String directory) {
    return Answer.known(
        files.keySet().stream()
            .filter(path -> path.startsWith(directory.replaceFirst("/$", "") + "/"))
            .sorted()
            .collect(ImmutableList.toImmutableList()));
  }

  @Override
  public Answer<ServerReport> server(
      CoordinationServer server, CertificateFiles identity, Duration timeoutWanted) {
    return known(servers, server.host(), "the connection was refused");
  }

  @Override
  public Answer<ClockOffset> clockOffset(String address, int httpPort) {
    return known(clocks, address, "the connection was refused");
  }

  @Override
  public Answer<Boolean> accepts(String address, int port) {
    return known(doors, address + ":" + port, "the connection was refused");
  }

  @Override
  public Instant now() {
    return now;
  }

  private static <T> Answer<T> known(Map<String, Answer<T>> answers, String key, String otherwise) {
    return answers.containsKey(key)
        ? Objects.requireNonNull(answers.get(key))
        : Answer.unknown(Answer.Cause.ABSENT, otherwise);
  }
}
