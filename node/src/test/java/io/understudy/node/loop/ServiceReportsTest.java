package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.spi.Supervisor;
import io.understudy.node.testing.ClusterScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceReportsTest {
  private static final Duration WATCHDOG = Duration.ofSeconds(3);

  private final ClusterScript cluster = new ClusterScript();
  private final Listener manager = new Listener(Optional.of(WATCHDOG));
  private MonotonicTime now = new MonotonicTime(0);
  private final ServiceReports reports = new ServiceReports(manager, () -> now);

  private List<String> passAfter(long millis) {
    now = now.plus(Duration.ofMillis(millis));
    manager.heard.clear();
    reports.accept(cluster.status());
    return manager.heard;
  }

  @Test
  void theNodeIsReadyOnceItsGatewaysAreFencedAndTheClusterKnowsIt() {
    cluster.cell(ClusterScript.A, Phase.SELF_FENCING, 0).withoutSnapshot();
    assertThat(passAfter(0)).doesNotContain("ready");

    cluster.cell(ClusterScript.A, Phase.STANDBY, 0);
    assertThat(passAfter(100)).doesNotContain("ready");

    ClusterScript joined = new ClusterScript();
    reports.accept(joined.connected(false).status());
    assertThat(manager.heard).doesNotContain("ready");
    reports.accept(joined.connected(true).status());
    assertThat(manager.heard).contains("ready");
    manager.heard.clear();
    reports.accept(joined.status());
    assertThat(manager.heard).as("said once").doesNotContain("ready");
  }

  @Test
  void aSignOfLifeComesEveryThirdOfTheWatchdogsTime() {
    assertThat(passAfter(0)).contains("alive");
    assertThat(passAfter(999)).doesNotContain("alive");
    assertThat(passAfter(1)).contains("alive");
  }

  @Test
  void aLeaderWithoutALeaseGivesNoSignOfLife() {
    for (Phase phase : Phase.values()) {
      cluster.cell(ClusterScript.A, phase, 1);
      assertThat(passAfter(2_000)).as("%s with a lease", phase).contains("alive");
    }
    cluster.withoutLease();
    for (Phase phase : Phase.values()) {
      cluster.cell(ClusterScript.A, phase, 1);
      if (phase == Phase.STANDBY) {
        assertThat(passAfter(2_000)).as("a standby needs no lease").contains("alive");
      } else {
        assertThat(passAfter(2_000)).as("%s without a lease", phase).doesNotContain("alive");
      }
    }
  }

  @Test
  void aNodeThatCannotStopItsGatewayGivesNoSignOfLifeWhateverItsLease() {
    cluster.cell(ClusterScript.A, Phase.CEDING, 1);
    cluster.reason(ClusterScript.A, "FenceFailed", "the gateway could not be stopped");
    assertThat(passAfter(2_000)).doesNotContain("alive");
    cluster.reason(ClusterScript.A, "Ceded", "ceded, the gateway is logged out");
    assertThat(passAfter(2_000)).contains("alive");
  }

  @Test
  void withoutAWatchdogThereIsNoSignOfLife() {
    Listener unwatched = new Listener(Optional.empty());
    new ServiceReports(unwatched, () -> now).accept(cluster.status());
    assertThat(unwatched.heard).contains("ready").doesNotContain("alive");
  }

  @Test
  void theStatusSaysWhyForEachCellAndOnlyWhenItChanges() {
    cluster.reason(ClusterScript.A, "Standby", "standby, node b leads");
    assertThat(passAfter(0)).contains("live STANDBY: standby, node b leads");
    assertThat(passAfter(600)).noneMatch(line -> line.startsWith("live"));

    cluster.connected(false);
    assertThat(passAfter(600))
        .contains("Coordination does not answer; live STANDBY: standby, node b leads");
  }

  @Test
  void aStatusThatChangesAllTheTimeIsToldNowAndThenAndAtLast() {
    assertThat(passAfter(0)).anyMatch(line -> line.startsWith("live"));
    cluster.reason(ClusterScript.A, "Standby", "one");
    assertThat(passAfter(100)).noneMatch(line -> line.startsWith("live"));
    cluster.reason(ClusterScript.A, "Standby", "two");
    assertThat(passAfter(400)).contains("live STANDBY: two");
  }

  @Test
  void aLongSentenceIsCut() {
    cluster.reason(ClusterScript.A, "Standby", "x".repeat(5_000));
    assertThat(passAfter(0)).allMatch(line -> line.length() < 200);
  }

  /** Keeps what it is told. */
  private static final class Listener implements Supervisor {
    private final Optional<Duration> watchdog;
    private final List<String> heard = new ArrayList<>();

    Listener(Optional<Duration> watchdog) {
      this.watchdog = watchdog;
    }

    @Override
    public Optional<Duration> watchdogTimeout() {
      return watchdog;
    }

    @Override
    public void ready() {
      heard.add("ready");
    }

    @Override
    public void alive() {
      heard.add("alive");
    }

    @Override
    public void stopping() {
      heard.add("stopping");
    }

    @Override
    public void status(String sentence) {
      heard.add(sentence);
    }
  }
}
