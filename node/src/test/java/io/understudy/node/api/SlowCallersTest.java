package io.understudy.node.api;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.grpc.stub.ServerCallStreamObserver;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.testing.ClusterScript;
import io.understudy.v1.Cluster;
import io.understudy.v1.Event;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A caller that does not read costs a bounded amount of memory and loses only what is outdated. */
class SlowCallersTest {
  private final ClusterScript cluster = new ClusterScript();

  /** A call whose caller reads when the test says so. */
  private static final class Call<M> extends ServerCallStreamObserver<M> {
    final List<M> sent = new ArrayList<>();
    boolean ready = true;
    boolean cancelled;
    boolean ended;

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public void onNext(M message) {
      sent.add(message);
    }

    @Override
    public void onError(Throwable error) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      ended = true;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}
  }

  private Cluster picture() {
    return ClusterView.of(cluster.status(), ImmutableMap.of());
  }

  private HistoryEntry line(int number) {
    return new HistoryEntry(cluster.now(), A, new Epoch(1), "Serving", "a", "line " + number);
  }

  private void lines(EventStreams events, int from, int to) {
    for (int number = from; number < to; number++) {
      events.lines(LIVE, ImmutableList.of(line(number)), cluster.status());
    }
  }

  @Test
  void aSlowWatcherGetsOnlyTheNewestPicture() {
    EventStreams events = new EventStreams();
    Call<Event> call = new Call<>();
    events.add(call, Optional::empty, Optional.empty(), picture());
    call.ready = false;
    for (Phase phase : Phase.values()) {
      cluster.cell(A, phase, 1);
      events.changed(picture());
    }
    assertThat(call.sent).hasSize(1);
    call.ready = true;
    events.changed(picture());
    assertThat(call.sent).hasSize(2);
    assertThat(call.sent.getLast().getCluster().getGateways(0).getCells(0).getPhase())
        .isEqualTo(io.understudy.v1.Phase.PHASE_NEEDS_OPERATOR);
  }

  @Test
  void aWatcherThatIsALittleSlowLosesNoLine() {
    EventStreams events = new EventStreams();
    Call<Event> call = new Call<>();
    events.add(call, Optional::empty, Optional.empty(), picture());
    call.ready = false;
    lines(events, 0, 60);
    call.ready = true;
    events.changed(picture());
    assertThat(call.sent.stream().filter(Event::hasEntry)).hasSize(60);
  }

  @Test
  void aWatcherThatLostLinesGetsAWholePictureInstead() {
    EventStreams events = new EventStreams();
    Call<Event> call = new Call<>();
    events.add(call, Optional::empty, Optional.empty(), picture());
    call.ready = false;
    lines(events, 0, 10_000);
    call.ready = true;
    events.changed(picture());
    assertThat(call.sent.size()).isLessThan(100);
    assertThat(call.sent.getLast().hasCluster()).isTrue();
  }

  @Test
  void aWatcherThatHasGoneIsForgotten() {
    EventStreams events = new EventStreams();
    Call<Event> call = new Call<>();
    events.add(call, Optional::empty, Optional.empty(), picture());
    call.cancelled = true;
    events.changed(picture());
    assertThat(events.watched()).isFalse();
  }

  @Test
  void tooManyWatchersAreRefused() {
    EventStreams events = new EventStreams();
    List<Call<Event>> calls = new ArrayList<>();
    for (int watcher = 0; watcher < 65; watcher++) {
      Call<Event> call = new Call<>();
      calls.add(call);
      events.add(call, Optional::empty, Optional.empty(), picture());
    }
    assertThat(calls.getLast().ended).isTrue();
    assertThat(calls.getFirst().ended).isFalse();
  }

  @Test
  void aSlowCallerOfAnOperationGetsTheNewestProgressAndAlwaysTheResult() {
    Call<Progress> call = new Call<>();
    GrpcProgressSink sink = new GrpcProgressSink(call);
    call.ready = false;
    for (int percent = 0; percent < 100; percent++) {
      sink.progress(Progress.newBuilder().setPercent(percent).build());
    }
    assertThat(call.sent).isEmpty();
    call.ready = true;
    sink.flush();
    assertThat(call.sent).singleElement().extracting(Progress::getPercent).isEqualTo(99);
    call.ready = false;
    sink.done(Progress.newBuilder().setResult(Result.getDefaultInstance()).build());
    assertThat(call.sent.getLast().hasResult()).isTrue();
    assertThat(call.ended).isTrue();
  }

  @Test
  void nothingIsSentAfterTheEnd() {
    Call<Progress> call = new Call<>();
    GrpcProgressSink sink = new GrpcProgressSink(call);
    sink.done(Progress.getDefaultInstance());
    sink.progress(Progress.newBuilder().setPercent(1).build());
    sink.done(Progress.getDefaultInstance());
    assertThat(call.sent).hasSize(1);
    assertThat(sink.gone()).isTrue();
  }
}
