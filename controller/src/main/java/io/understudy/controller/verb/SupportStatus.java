package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.output.DocumentPrinter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** {@code understudy status -o json}, as a text. */
final class SupportStatus {
  private SupportStatus() {}

  /**
   * As the first node says that answers.
   *
   * @throws io.understudy.controller.client.Failure when there is no context, or nobody answers
   */
  static String json(Understudy root) {
    try (ClusterClient client = root.connect()) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      new DocumentPrinter(new PrintStream(text, true, StandardCharsets.UTF_8), false, false)
          .status(client.look().cluster());
      return text.toString(StandardCharsets.UTF_8);
    }
  }
}
