package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.understudy.controller.Clusters;
import io.understudy.controller.FakeControlPlane;
import io.understudy.controller.Golden;
import io.understudy.controller.Harness;
import io.understudy.v1.Event;
import io.understudy.v1.HistoryEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs that change nothing, and what every verb has in common. */
@Timeout(60)
final class ReadingVerbsTest {
  private static final String ADDRESS = "127.0.0.1:7101";

  private Harness harness;
  private Path home;

  @BeforeEach
  void start(@TempDir Path folder) {
    home = folder;
    harness = new Harness(folder);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void historyIsATableOfAllGatewaysNewestFirst() {
    FakeControlPlane node = harness.node(ADDRESS, Clusters.twoGateways());
    node.history.add(Clusters.entry(10, "live", "Serving", "", "the trading gate opened"));
    node.history.add(Clusters.entry(60, "live", "Command", "ann", "failover to a: drill"));
    node.history.add(Clusters.entry(30, "paper", "Claimed", "", "epoch 3"));
    assertThat(harness.run("history").out()).isEqualTo(Golden.text("history.txt"));
  }

  @Test
  void historyKeepsToItsLimitAndGateway() {
    FakeControlPlane node = harness.node(ADDRESS, Clusters.twoGateways());
    node.history.add(Clusters.entry(10, "live", "Serving", "", "one"));
    node.history.add(Clusters.entry(20, "live", "Serving", "", "two"));
    node.history.add(Clusters.entry(5, "paper", "Serving", "", "three"));
    Harness.Run run = harness.run("history", "-g", "live", "--limit", "1", "-o", "json");
    assertThat(run.out()).contains("one").doesNotContain("two", "three");
  }

  @Test
  void aLimitOutOfRangeIsAUsageError() {
    Harness.Run run = harness.run("history", "--limit", "0");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("0 (expected: 1 to 1000)");
  }

  @Test
  void eventsAreLinesOldestFirst() {
    FakeControlPlane node = harness.node(ADDRESS, Clusters.serving());
    node.history.add(Clusters.entry(10, "live", "Serving", "", "the trading gate opened"));
    node.history.add(Clusters.entry(60, "live", "Command", "ann", "failover to a: drill"));
    assertThat(harness.run("events").out())
        .isEqualTo(
            """
            2026-11-20 11:59:05  live  a  epoch 7  Command  by ann  failover to a: drill
            2026-11-20 11:59:55  live  a  epoch 7  Serving  the trading gate opened
            """);
  }

  @Test
  void followedEventsGoOnAtAnotherNodeAndNoneIsShownTwice() throws InterruptedException {
    FakeControlPlane first = harness.node(ADDRESS, Clusters.serving());
    FakeControlPlane second = harness.node("127.0.0.1:7102", Clusters.serving());
    HistoryEntry one = Clusters.entry(9, "live", "Ceded", "", "one");
    HistoryEntry two = Clusters.entry(8, "live", "Claimed", "", "two");
    HistoryEntry three = Clusters.entry(7, "live", "Serving", "", "three");
    Thread following = following("events", "--follow", "-o", "json");
    next(first).onNext(Event.newBuilder().setEntry(one).build());
    until(() -> harness.printed().contains("one"));
    second.history.add(two);
    second.history.add(one);
    harness.kill(ADDRESS);
    next(second).onNext(Event.newBuilder().setEntry(three).build());
    until(() -> harness.printed().contains("three"));
    following.interrupt();
    following.join();
    assertThat(harness.printed().lines()).hasSize(3).allMatch(line -> line.startsWith("{"));
  }

  @Test
  void watchedStatusIsShownAgainAtEachChange() throws InterruptedException {
    FakeControlPlane node = harness.node(ADDRESS, Clusters.serving());
    harness.terminal.screen = true;
    Thread watching = following("status", "--watch=1h");
    StreamObserver<Event> events = next(node);
    events.onNext(Event.newBuilder().setCluster(Clusters.loggedOut()).build());
    until(() -> harness.printed().contains("Degraded: nobody serves live"));
    events.onNext(
        Event.newBuilder().setEntry(Clusters.entry(1, "live", "Claimed", "", "epoch 8")).build());
    until(() -> harness.printed().contains("Claimed"));
    watching.interrupt();
    watching.join();
    assertThat(harness.printed()).contains("\u001b[H╭").contains("\u001b[K\n");
  }

  @Test
  void watchedStatusIsReadAgainWhenNothingHappens() throws InterruptedException {
    FakeControlPlane node = harness.node(ADDRESS, Clusters.serving());
    Thread watching = following("status", "--watch=50ms", "-o", "json");
    next(node);
    until(() -> harness.printed().lines().count() > 3);
    watching.interrupt();
    watching.join();
    assertThat(harness.printed().lines()).allMatch(line -> line.startsWith("{\"name\":\"demo\""));
  }

  @Test
  void versionShowsTheProgramAndTheNodes() {
    harness.node(ADDRESS, Clusters.serving());
    assertThat(harness.run("version").out())
        .isEqualTo("understudy development\nnode a 0.1.0\nnode b 0.1.0\n");
    assertThat(harness.run("version", "--client").out()).isEqualTo("understudy development\n");
    assertThat(harness.run("--version").out()).isEqualTo("understudy development\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void theCompletionScriptIsAcceptedByBash(String shell) throws Exception {
    Harness.Run run = harness.run("completion", shell);
    assertThat(run.out()).contains("failover", "--dry-run", "use-context");
    Path script = Files.writeString(home.resolve("completion"), run.out());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).isZero();
  }

  @Test
  void theHelpListsTheVerbsAndTheExitCodes() {
    Harness.Run run = harness.run("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(Golden.text("help.txt"));
  }

  @Test
  void aMissingOrUnknownVerbIsAUsageError() {
    Harness.Run none = harness.run();
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err()).startsWith("understudy: A verb is missing.\n");
    Harness.Run wrong = harness.run("sttaus");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).contains("Did you mean").contains("status");
    Harness.Run option = harness.run("status", "--timeout", "soon");
    assertThat(option.exitCode()).isEqualTo(1);
    assertThat(option.err()).contains("soon (expected: a time such as 500ms, 10s, 2m)");
  }

  @Test
  void contextsAreMadeListedAndChosen() throws IOException {
    String[] files = {
      "--certificate", "/etc/op.crt", "--key", "/etc/op.key", "--authority", "/etc/ca.crt"
    };
    Harness.Run incomplete = harness.runAsIs("config", "set-context", "lab");
    assertThat(incomplete.exitCode()).isEqualTo(1);
    assertThat(incomplete.err()).contains("Context lab is new and needs --endpoint.");
    for (String name : new String[] {"lab", "live"}) {
      Harness.Run made =
          harness.runAsIs(
              concat(
                  new String[] {"config", "set-context", name, "--endpoint", "10.0.0.1:1,b:2"},
                  files));
      assertThat(made.exitCode()).isZero();
      assertThat(made.err()).contains("not usable yet: certificate /etc/op.crt: no such file");
    }
    assertThat(harness.runAsIs("config", "current-context").out()).isEqualTo("lab\n");
    assertThat(harness.runAsIs("config", "use-context", "liev").err())
        .contains("no context liev (nearest: live)");
    assertThat(harness.runAsIs("config", "use-context", "live").exitCode()).isZero();
    assertThat(harness.runAsIs("config", "get-contexts").out())
        .contains("│ *        live  10.0.0.1:1, b:2  /etc/op.crt");
    assertThat(harness.runAsIs("config", "view").out())
        .isEqualTo(Files.readString(harness.configFile()))
        .startsWith("current-context: live\ncontexts:\n  lab:\n    endpoints:\n");
    assertThat(harness.runAsIs("config", "view", "-o", "json").out())
        .contains("\"current-context\": \"live\"");
    assertThat(harness.runAsIs("config").exitCode()).isEqualTo(1);
  }

  @Test
  void aContextKeepsWhatIsNotGivenAnew() {
    harness.writeContext(List.of("10.0.0.1:1"));
    Harness.Run run = harness.runAsIs("config", "set-context", "demo", "--endpoint", "10.0.0.2:2");
    assertThat(run.exitCode()).isZero();
    assertThat(harness.runAsIs("config", "view").out())
        .contains("- 10.0.0.2:2")
        .contains("key: operator.key")
        .doesNotContain("10.0.0.1");
  }

  private Thread following(String... arguments) {
    harness.run("version", "--client");
    return Thread.ofPlatform().start(() -> harness.run(arguments));
  }

  private static StreamObserver<Event> next(FakeControlPlane node) throws InterruptedException {
    StreamObserver<Event> observer = node.watchers.poll(20, TimeUnit.SECONDS);
    assertThat(observer).isNotNull();
    return observer;
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static String[] concat(String[] one, String[] other) {
    String[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
