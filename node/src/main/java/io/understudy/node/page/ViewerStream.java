package io.understudy.node.page;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One viewer's stream of server-sent events. Of each kind at most the newest event waits: a slow
 * reader misses what has been overtaken and never the newest, and one that takes nothing at all for
 * long is dropped. Any thread offers; the channel's own thread writes.
 */
final class ViewerStream {
  static final Duration STUCK_MAX = Duration.ofSeconds(20);

  /** What an event tells. */
  enum Kind {
    /** The cluster as it is; at each change. */
    PICTURE,
    /** What happened; at each change. */
    TIMELINE,
    /** What changes by the mere passing of time; a sign of life. */
    PULSE;

    private String line() {
      return switch (this) {
        case PICTURE -> "event: picture\ndata: ";
        case TIMELINE -> "event: timeline\ndata: ";
        case PULSE -> "event: pulse\ndata: ";
      };
    }
  }

  private final Channel channel;
  private final BooleanSupplier stands;
  private final Map<Kind, String> waiting = new EnumMap<>(Kind.class);
  private boolean flushDue;
  private volatile long tookLast = System.nanoTime();

  /**
   * @param stands whether the viewer may still look
   */
  ViewerStream(Channel channel, BooleanSupplier stands) {
    this.channel = channel;
    this.stands = stands;
  }

  void offer(Kind kind, String json) {
    boolean first;
    synchronized (waiting) {
      waiting.put(kind, json);
      first = !flushDue;
      flushDue = true;
    }
    if (first) {
      channel.eventLoop().execute(this::flush);
    }
  }

  /** On the channel's thread: also when it takes bytes again. */
  void flush() {
    synchronized (waiting) {
      flushDue = false;
      Iterator<Map.Entry<Kind, String>> events = waiting.entrySet().iterator();
      while (channel.isWritable() && events.hasNext()) {
        Map.Entry<Kind, String> event = events.next();
        String text = event.getKey().line() + event.getValue() + "\n\n";
        events.remove();
        var _ =
            channel.write(
                new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)),
                channel.voidPromise());
      }
    }
    if (channel.isWritable()) {
      tookLast = System.nanoTime();
    }
    channel.flush();
  }

  /** Now and then: ends it when it is stuck, or when the viewer may look no longer. */
  boolean ended(long now) {
    boolean stuck = !channel.isWritable() && now - tookLast > STUCK_MAX.toNanos();
    if (stuck || !stands.getAsBoolean()) {
      var _ = channel.close();
    }
    return stuck || !channel.isActive();
  }
}
