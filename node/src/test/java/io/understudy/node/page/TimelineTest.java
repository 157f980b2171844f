package io.understudy.node.page;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.page.Takeover.Cause;
import io.understudy.node.page.Takeover.Name;
import io.understudy.node.page.Takeover.Outcome;
import io.understudy.node.page.Takeover.Step;
import io.understudy.node.testing.ClusterScript;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Takeovers as they are seen, and as the history tells them. */
class TimelineTest {
  private static final Instant T = Instant.parse("2026-11-20T12:00:00Z");
  private final ClusterScript cluster = new ClusterScript();
  private final SeenTakeovers seen = new SeenTakeovers();

  private static HistoryEntry line(int second, NodeId node, long epoch, String kind) {
    return line(second, node, epoch, kind, kind.toLowerCase(Locale.ROOT));
  }

  private static HistoryEntry line(
      int second, NodeId node, long epoch, String kind, String sentence) {
    return new HistoryEntry(
        T.plusSeconds(second), node, new Epoch(epoch), kind, node.value(), sentence);
  }

  /** From lines in their order. */
  private static Timeline told(HistoryEntry... lines) {
    return Timeline.of(
        ImmutableMap.of(LIVE, ImmutableList.copyOf(lines).reverse()), _ -> ImmutableList.of());
  }

  /** From lines, newest first, and from what was seen. */
  private Timeline withSeen(ImmutableList<HistoryEntry> newestFirst) {
    return Timeline.of(
        ImmutableMap.of(LIVE, newestFirst), gateway -> seen.of(gateway, cluster.now()));
  }

  private void enters(long millis, NodeId node, Phase phase, long epoch) {
    cluster.after(Duration.ofMillis(millis)).cell(node, phase, epoch);
    var _ = seen.observe(cluster.status());
  }

  private void takeover(NodeId node, long epoch) {
    enters(1_000, node, Phase.CLAIMING, 0);
    enters(30, node, Phase.FENCING, epoch);
    enters(40, node, Phase.LOGGING_IN, epoch);
    enters(2_000, node, Phase.VERIFYING, epoch);
    enters(100, node, Phase.RECONCILING, epoch);
    enters(50, node, Phase.SERVING, epoch);
  }

  @Test
  void everyPhaseOfATakeoverThatWasSeenIsMeasured() {
    takeover(B, 7);
    assertThat(seen.of(LIVE, cluster.now())).hasSize(1);
    Takeover takeover = seen.of(LIVE, cluster.now()).getFirst();
    assertThat(takeover.node()).isEqualTo(B);
    assertThat(takeover.epoch()).isEqualTo(new Epoch(7));
    assertThat(takeover.outcome()).isEqualTo(Outcome.SERVING);
    assertThat(takeover.steps())
        .containsExactly(
            new Step(Name.CLAIM, Duration.ofMillis(30)),
            new Step(Name.FENCE, Duration.ofMillis(40)),
            new Step(Name.LOGIN, Duration.ofMillis(2_000)),
            new Step(Name.VERIFY, Duration.ofMillis(100)),
            new Step(Name.RECONCILE, Duration.ofMillis(50)));
  }

  @Test
  void aPassThatChangesNothingIsNoNews() {
    enters(0, B, Phase.FENCING, 7);
    assertThat(seen.observe(cluster.status())).isFalse();
    cluster.after(Duration.ofSeconds(1)).cell(B, Phase.LOGGING_IN, 7);
    assertThat(seen.observe(cluster.status())).isTrue();
  }

  @Test
  void whatIsUnderWayGrows() {
    enters(0, B, Phase.FENCING, 7);
    Takeover takeover = seen.of(LIVE, cluster.now().plusSeconds(3)).getFirst();
    assertThat(takeover.outcome()).isEqualTo(Outcome.UNDER_WAY);
    assertThat(takeover.steps()).containsExactly(new Step(Name.FENCE, Duration.ofSeconds(3)));
  }

  @Test
  void anotherNodeEndsWhatTheFirstHadBegun() {
    enters(0, A, Phase.CLAIMING, 0);
    enters(10, A, Phase.FENCING, 7);
    cluster.gone(A);
    takeover(B, 8);
    assertThat(seen.of(LIVE, cluster.now()))
        .extracting(Takeover::node, Takeover::outcome)
        .containsExactly(tuple(B, Outcome.SERVING), tuple(A, Outcome.GIVEN_UP));
  }

  @Test
  void whoeverIsMetInTheMiddleIsNotMeasured() {
    enters(0, B, Phase.VERIFYING, 7);
    enters(10, B, Phase.SERVING, 7);
    assertThat(seen.of(LIVE, cluster.now())).isEmpty();
  }

  @Test
  void theHistoryTellsTakeoversThatNobodyHereHasSeen() {
    Timeline timeline =
        told(
            line(0, A, 1, "Claimed"),
            line(20, A, 1, "Login"),
            line(22, A, 1, "Serving"),
            line(100, A, 1, "Ceded"),
            line(101, B, 2, "Claimed"),
            line(103, B, 2, "Login"),
            line(104, B, 2, "Serving"),
            line(200, A, 3, "Claimed"));
    assertThat(timeline.takeovers())
        .extracting(Takeover::node, Takeover::cause, Takeover::outcome)
        .containsExactly(
            tuple(A, Cause.LOST, Outcome.UNDER_WAY),
            tuple(B, Cause.HANDED_OVER, Outcome.SERVING),
            tuple(A, Cause.FIRST, Outcome.SERVING));
    assertThat(timeline.takeovers().getLast().steps())
        .containsExactly(
            new Step(Name.CLAIM_TO_LOGIN, Duration.ofSeconds(20)),
            new Step(Name.LOGIN_TO_SERVING, Duration.ofSeconds(2)));
  }

  @Test
  void whatWasSeenGoesBeforeWhatTheHistoryTells() {
    takeover(B, 2);
    Timeline timeline =
        Timeline.of(
            ImmutableMap.of(
                LIVE, ImmutableList.of(line(5, B, 2, "Claimed"), line(0, A, 1, "Serving"))),
            gateway -> seen.of(gateway, cluster.now()));
    assertThat(timeline.takeovers()).hasSize(1);
    assertThat(timeline.takeovers().getFirst().steps()).hasSize(5);
    assertThat(timeline.takeovers().getFirst().cause()).isEqualTo(Cause.LOST);
  }

  @Test
  void whatNeededAPersonAndServedLaterIsToldByTheHistory() {
    enters(0, B, Phase.CLAIMING, 0);
    enters(10, B, Phase.FENCING, 2);
    enters(10, B, Phase.RECONCILING, 2);
    enters(10, B, Phase.NEEDS_OPERATOR, 2);
    ImmutableList<HistoryEntry> differs =
        ImmutableList.of(line(3, B, 2, "PositionsDiffer"), line(1, B, 2, "Claimed"));
    assertThat(withSeen(differs).takeovers())
        .extracting(Takeover::outcome)
        .containsExactly(Outcome.NEEDS_OPERATOR);
    ImmutableList<HistoryEntry> served =
        ImmutableList.<HistoryEntry>builder()
            .add(line(60, B, 2, "Serving"))
            .addAll(differs)
            .build();
    assertThat(withSeen(served).takeovers())
        .extracting(Takeover::outcome, Takeover::steps)
        .containsExactly(
            tuple(
                Outcome.SERVING,
                ImmutableList.of(new Step(Name.LOGIN_TO_SERVING, Duration.ofSeconds(59)))));
  }

  @Test
  void whatWasGivenUpBeforeItServedIsNotUnderWay() {
    assertThat(
            told(line(0, A, 2, "Claimed"), line(3, A, 2, "Login"), line(9, A, 2, "Ceded"))
                .takeovers())
        .extracting(Takeover::outcome)
        .containsExactly(Outcome.GIVEN_UP);
  }

  @Test
  void aDrillIsAFailoverWithThatReason() {
    Timeline timeline =
        told(
            line(0, A, 1, "Command", "failover: drill"),
            line(1, A, 1, "Command", "failover: a drill of the first quarter"),
            line(2, A, 1, "Command", "failover: drilling next door"),
            line(3, A, 1, "Command", "login: drill"));
    assertThat(timeline.drills())
        .extracting(drill -> drill.entry().sentence())
        .containsExactly("failover: a drill of the first quarter", "failover: drill");
    assertThat(told().drills()).isEmpty();
  }

  @Test
  void whatADrillSaysOfItselfIsShownWithTheCommandThatBeganIt() {
    Timeline timeline =
        told(
            line(0, A, 1, "Command", "drill run crash: quarterly"),
            line(2, A, 1, "Drill", "crash drill: the fault is made on node a"),
            line(9, A, 2, "Serving", "serves"),
            line(11, A, 2, "Drill", "crash drill: passed: orders passed again"));
    assertThat(timeline.drills())
        .extracting(drill -> drill.entry().sentence())
        .containsExactly(
            "crash drill: passed: orders passed again",
            "crash drill: the fault is made on node a",
            "drill run crash: quarterly");
  }
}
