package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.peers.ServerView;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerWatchTest {
  private static final ServerView SEEN = new ServerView("10.77.0.1:2281", true, "follower");

  private MonotonicTime now = new MonotonicTime(0);
  private boolean broken;
  private final ServerWatch watch = new ServerWatch(this::servers, () -> now);

  private ImmutableList<ServerView> servers() {
    if (broken) {
      throw new NoClassDefFoundError("io/understudy/Gone");
    }
    return ImmutableList.of(SEEN);
  }

  @AfterEach
  void stop() {
    watch.close();
  }

  @Test
  void nothingIsSaidBeforeTheFirstLook() {
    assertThat(watch.latest()).isEmpty();
    now = now.plus(Duration.ofHours(1));
    assertThat(watch.latest()).isEmpty();
  }

  @Test
  void aLookThatFailsLeavesWhatWasSeenForAWhileAndThenNobodyIsUp() {
    watch.look();
    broken = true;
    now = now.plus(Duration.ofSeconds(30));
    watch.look();
    assertThat(watch.latest()).containsExactly(SEEN);

    now = now.plus(Duration.ofMillis(1));
    assertThat(watch.latest())
        .containsExactly(
            new ServerView(SEEN.server(), false, "not looked at for 30 s, was then: follower"));

    broken = false;
    watch.look();
    assertThat(watch.latest()).containsExactly(SEEN);
  }
}
