package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the records of the broker and of the trading clients say about a whole run, in the end.
 *
 * @param logins submissions of credentials
 * @param displaced brokerage sessions that a login of another node ended although, as far as the
 *     broker can tell, their gateway had neither logged out nor ended
 * @param margin from the last answer through the one node to the first login of the other one;
 *     empty when only one node logged in
 * @param late requests that the relay had passed before a freeze, and that the frozen gateway
 *     carried out after its thaw
 * @param broken one sentence for each promise that was broken
 */
record Verdict(
    int logins,
    int codes,
    int displaced,
    Optional<Duration> margin,
    int late,
    ImmutableList<String> broken) {

  /** A submission of credentials that the broker accepted. */
  private record Login(String node, Instant at) {}

  static Verdict of(Scenario scenario, ScenarioWorld world) {
    JsonNode report = world.cluster().broker().report();
    int logins = report.path("submissions").asInt();
    int displaced = BrokerJournal.read(world.cluster().directory()).displacedAlive();
    List<String> broken = new ArrayList<>();
    int late = 0;
    for (JsonNode violation : report.path("violationList")) {
      if (late < scenario.lateMax() && passedBeforeFreeze(violation, world)) {
        late++;
      } else {
        broken.add(violation.path("promise").asText() + ": " + violation.path("what").asText());
      }
    }
    if (logins > scenario.loginsMax()) {
      broken.add(logins + " logins, expected at most " + scenario.loginsMax());
    }
    if (displaced > scenario.displacedMax()) {
      broken.add(
          displaced
              + " living sessions ended by the other node's login, expected at most "
              + scenario.displacedMax());
    }
    ImmutableList<Login> accepted = accepted(report);
    Clock clock = Clock.now();
    Optional<Duration> margin = Optional.empty();
    for (LabNode node : world.cluster().nodes()) {
      ImmutableList<TradingClient.Answer> answers = world.clients().at(node).answers();
      unentitled(node.id(), answers, accepted, clock).ifPresent(broken::add);
      margin = smaller(margin, margin(node.id(), answers, accepted, clock));
    }
    return new Verdict(
        logins,
        report.path("codeSubmissions").asInt(),
        displaced,
        margin,
        late,
        ImmutableList.copyOf(broken));
  }

  /**
   * Whether a displaced node used the session by a request that its relay had passed before the
   * freeze: its trading client has sent none since, so no later one exists.
   */
  private static boolean passedBeforeFreeze(JsonNode violation, ScenarioWorld world) {
    String node = violation.path("source").asText();
    Optional<Long> frozen = world.frozenAt(node);
    Optional<Long> sent = world.clients().at(world.node(node)).lastSent();
    return violation.path("promise").asText().equals("SingleSession")
        && violation.path("what").asText().contains(" called ")
        && frozen.isPresent()
        && sent.isPresent()
        && sent.get() - frozen.get() < 0;
  }

  /** A byte went through a node although another one had logged in after it. */
  private static Optional<String> unentitled(
      String node,
      ImmutableList<TradingClient.Answer> answers,
      ImmutableList<Login> accepted,
      Clock clock) {
    return answers.stream()
        .map(answer -> clock.wall(answer.sent()))
        .filter(sent -> lastBefore(sent, accepted).filter(node::equals).isEmpty())
        .findFirst()
        .map(sent ->
            "NoStaleEffect: a request of "
                + sent
                + " was answered through "
                + node
                + ", which was not the last to log in");
  }

  private static Optional<String> lastBefore(Instant moment, ImmutableList<Login> accepted) {
    return accepted.reversed().stream()
        .filter(login -> login.at().isBefore(moment))
        .map(Login::node)
        .findFirst();
  }

  /** For the first login of another node after this one: how long nothing had passed here. */
  private static Optional<Duration> margin(
      String node,
      ImmutableList<TradingClient.Answer> answers,
      ImmutableList<Login> accepted,
      Clock clock) {
    Optional<Duration> least = Optional.empty();
    for (int i = 1; i < accepted.size(); i++) {
      Login login = accepted.get(i);
      if (accepted.get(i - 1).node().equals(node) && !login.node().equals(node)) {
        Optional<Instant> last =
            answers.reversed().stream()
                .map(answer -> clock.wall(answer.at()))
                .filter(at -> at.isBefore(login.at()))
                .findFirst();
        least = smaller(least, last.map(at -> Duration.between(at, login.at())));
      }
    }
    return least;
  }

  private static Optional<Duration> smaller(Optional<Duration> one, Optional<Duration> other) {
    return Streams.concat(one.stream(), other.stream()).min(Duration::compareTo);
  }

  private static ImmutableList<Login> accepted(JsonNode report) {
    return Streams.stream(report.path("loginList"))
        .filter(login -> login.path("outcome").asText().equals("succeeded"))
        .map(login ->
            new Login(login.path("source").asText(), Instant.parse(login.path("at").asText())))
        .collect(ImmutableList.toImmutableList());
  }

  /** Both clocks at one moment, to turn times of the one into times of the other. */
  private record Clock(Instant wall, long nanos) {
    static Clock now() {
      return new Clock(Instant.now(), System.nanoTime());
    }

    Instant wall(long atNanos) {
      return wall.plusNanos(atNanos - nanos);
    }
  }
}
