package io.understudy.simulator.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.understudy.simulator.http.Answer;
import io.understudy.simulator.http.HttpResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The connections by which stand-ins show that their process lives.
 *
 * <p>A connection ends with the process, however it dies: this is how the judge tells the remnant
 * of a killed gateway from a gateway at work. The stand-in writes the line {@code cleared} when it
 * forgot its cookies; the broker writes a fault for the stand-in itself as a line, such as {@code
 * hang} or {@code exit 3}. Safe for threads.
 */
final class Presence {
  private final Map<String, OutputStream> present = new ConcurrentHashMap<>();
  private final Consumer<String> ended;

  /** {@code ended} is told the source whenever one has died or cleared. */
  Presence(Consumer<String> ended) {
    this.ended = ended;
  }

  Answer accept(String source) {
    HttpResponse head =
        HttpResponse.empty(101).with("Connection", "Upgrade").with("Upgrade", "presence");
    return new Answer.TakeOver(head, (in, out) -> stay(source, in, out));
  }

  Set<String> sources() {
    return Set.copyOf(present.keySet());
  }

  /** Sends a line to a stand-in; returns whether it is there. */
  boolean tell(String source, String line) {
    OutputStream out = present.get(source);
    if (out == null) {
      return false;
    }
    try {
      synchronized (out) {
        out.write((line + "\n").getBytes(UTF_8));
        out.flush();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void stay(String source, InputStream in, OutputStream out) throws IOException {
    present.put(source, out);
    try {
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.equals("cleared")) {
          ended.accept(source);
        }
      }
    } finally {
      if (present.remove(source, out)) {
        ended.accept(source);
      }
    }
  }
}
