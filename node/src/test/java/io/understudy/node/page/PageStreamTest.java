package io.understudy.node.page;

import static io.understudy.node.spi.Eventually.eventually;
import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.understudy.node.api.CertificateCallers;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.page.ViewerStream.Kind;
import io.understudy.node.spi.DriverException;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.TestAuthority.PemFiles;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What viewers are told, and what happens to those who do not listen. */
class PageStreamTest {
  @TempDir private Path folder;
  private final ClusterScript cluster = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(cluster.status());

  /** The lines of a stream, and whether it has ended. */
  private static final class Listening implements AutoCloseable {
    final List<String> lines = new CopyOnWriteArrayList<>();
    final AtomicBoolean ended = new AtomicBoolean();
    private final HttpClient client;

    Listening(OpenPage page, PemFiles certificate) {
      this(page, page.client(certificate));
    }

    Listening(OpenPage page, HttpClient client) {
      this.client = client;
      var _ = Thread.ofVirtual().start(() -> read(page));
    }

    private void read(OpenPage page) {
      try (Stream<String> read =
          client.send(page.request("/events").build(), BodyHandlers.ofLines()).body()) {
        read.forEach(lines::add);
      } catch (IOException | InterruptedException | RuntimeException e) {
        lines.add("ended: " + e.getMessage());
      } finally {
        ended.set(true);
      }
    }

    boolean heard(String... parts) {
      return lines.stream().anyMatch(line -> Stream.of(parts).allMatch(line::contains));
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  /** A client that takes answers when it is told to. */
  private static final class Untaken extends ChannelOutboundHandlerAdapter {
    final List<ChannelPromise> answers = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      var _ = ReferenceCountUtil.release(message);
      answers.add(promise);
    }
  }

  @Test
  void aViewerGetsEverythingFirstAndThenEachChange() throws Exception {
    control.history(
        ImmutableList.of(
            new HistoryEntry(cluster.now(), A, new Epoch(7), "Claimed", "a", "claimed epoch 7")));
    try (OpenPage page = new OpenPage(folder, control);
        Listening viewer = new Listening(page, page.authority.issue("anna", "viewer"))) {
      eventually("the first picture", () -> viewer.heard("data: {\"cluster\":\"demo\""));
      eventually("a sign of life", () -> viewer.lines.contains("event: pulse"));
      eventually("the history", () -> viewer.heard("\"lines\":[{", "claimed epoch 7"));

      control.publish(cluster.cell(A, Phase.FENCING, 7).status());
      control.publish(cluster.after(Duration.ofMillis(200)).cell(A, Phase.LOGGING_IN, 7).status());

      eventually("the phase", () -> viewer.heard("\"phase\":\"LOGGING_IN\""));
      eventually(
          "the takeover with the step that is over",
          () -> viewer.heard("\"outcome\":\"UNDER_WAY\"", "\"name\":\"FENCE\",\"seconds\":0.2"));
    }
  }

  @Test
  void aStreamEndsWhenItsCertificateIsRevoked() throws Exception {
    try (OpenPage page = new OpenPage(folder, control)) {
      PemFiles certificate = page.authority.issue("anna", "viewer");
      try (Listening viewer = new Listening(page, certificate)) {
        eventually("the first picture", () -> viewer.heard("\"cluster\":\"demo\""));
        page.revoked.set(ImmutableSet.of(certificate.serial()));
        eventually("the end of the stream", viewer.ended::get);
      }
    }
  }

  @Test
  void oneViewerTooManyIsToldSoAndComesInWhenAnotherHasLeft() throws Exception {
    List<Listening> viewers = new ArrayList<>();
    try (OpenPage page = new OpenPage(folder, control)) {
      PemFiles certificate = page.authority.issue("anna", "viewer");
      for (int i = 0; i < PageFeed.VIEWERS_MAX; i++) {
        viewers.add(new Listening(page, page.client(certificate, host(i))));
      }
      for (Listening viewer : viewers) {
        eventually("the first picture", () -> viewer.heard("\"cluster\":\"demo\""));
      }
      try (HttpClient late = page.client(certificate, host(PageFeed.VIEWERS_MAX))) {
        HttpResponse<String> refused =
            late.send(page.request("/events").build(), BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("as many pages are open as this node serves (32)");

        viewers.getFirst().close();

        eventually(
            "the place of who left",
            () -> {
              Listening next = new Listening(page, page.client(certificate, host(0)));
              viewers.add(next);
              eventually("an answer", () -> next.ended.get() || next.heard("demo"));
              return next.heard("\"cluster\":\"demo\"");
            });
      }
    } finally {
      viewers.forEach(Listening::close);
    }
  }

  /** Sixteen viewers of one address: there may not be many more. */
  private static String host(int viewer) {
    return "127.0.0." + (2 + viewer / 16);
  }

  @Test
  void aClosedPageLetsTheLoopGo() throws DriverException {
    OpenPage page = new OpenPage(folder, control);
    assertThat(control.listeners()).isEqualTo(1);
    page.close();
    assertThat(control.listeners()).isZero();
  }

  @Test
  void aSlowReaderMissesWhatIsOvertakenAndNeverTheNewest() {
    EmbeddedChannel channel = new EmbeddedChannel();
    ViewerStream stream = new ViewerStream(channel, () -> true);
    writable(channel, false);
    for (int i = 1; i <= 1_000; i++) {
      stream.offer(Kind.PICTURE, "picture " + i);
      stream.offer(Kind.PULSE, "pulse " + i);
    }
    channel.runPendingTasks();
    assertThat(written(channel)).isEmpty();

    writable(channel, true);
    stream.flush();

    assertThat(written(channel))
        .containsExactly(
            "event: picture\ndata: picture 1000\n\n", "event: pulse\ndata: pulse 1000\n\n");
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void whoeverTakesNothingForLongIsDropped() {
    EmbeddedChannel channel = new EmbeddedChannel();
    ViewerStream stream = new ViewerStream(channel, () -> true);
    long now = System.nanoTime();
    writable(channel, false);
    assertThat(stream.ended(now)).isFalse();
    assertThat(stream.ended(now + ViewerStream.STUCK_MAX.plusSeconds(1).toNanos())).isTrue();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whoeverReadsIsNotDroppedHoweverLongItLasts() {
    EmbeddedChannel channel = new EmbeddedChannel();
    ViewerStream stream = new ViewerStream(channel, () -> true);
    assertThat(stream.ended(System.nanoTime() + Duration.ofDays(1).toNanos())).isFalse();
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void whoeverAsksOnAndTakesNoAnswerIsCutOff() {
    PageFeed feed = new PageFeed(control);
    try {
      Untaken client = new Untaken();
      EmbeddedChannel channel = new EmbeddedChannel(client, handler(feed));
      askForScript(channel);
      var _ = client.answers.getFirst().trySuccess();
      askForScript(channel);
      assertThat(client.answers).as("one answer after the other").hasSize(2);
      assertThat(channel.isOpen()).isTrue();

      askForScript(channel);

      assertThat(client.answers).hasSize(2);
      assertThat(channel.isOpen()).isFalse();
    } finally {
      feed.close();
    }
  }

  private static PageHandler handler(PageFeed feed) {
    ViewerToken token = new ViewerToken(Optional::empty);
    InstantSource clock = InstantSource.system();
    CertificateCallers nobody = new CertificateCallers(ImmutableSet::of);
    return new PageHandler(
        () -> {
          throw new AssertionError("the script is for everybody");
        },
        new Admission(nobody, token, new WrongTokens(System::nanoTime), clock),
        token,
        clock,
        feed);
  }

  private static void askForScript(EmbeddedChannel channel) {
    var _ =
        channel.writeInbound(
            new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/page.js"));
  }

  @Test
  void aLeaseThatRunsIsNoNewPictureAtEachPass() throws DriverException {
    cluster.cell(B, Phase.SERVING, 7).elected(B, A).claimed(7).reason(A, "Standby", "standby");
    control.publish(cluster.status());
    PageFeed feed = new PageFeed(control);
    try {
      assertThat(feed.document())
          .contains("\"why\":\"standby, the lease of node b runs\"", "\"leader\":\"b\"");
    } finally {
      feed.close();
    }
  }

  private static void writable(EmbeddedChannel channel, boolean writable) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
    channel.runPendingTasks();
  }

  private static ImmutableList<String> written(EmbeddedChannel channel) {
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    while (channel.readOutbound() instanceof HttpContent content) {
      texts.add(content.content().toString(StandardCharsets.UTF_8));
      var _ = content.release();
    }
    return texts.build();
  }
}
