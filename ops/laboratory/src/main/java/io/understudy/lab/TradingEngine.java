package io.understudy.lab;

import java.time.Duration;

/**
 * A trading client as a program of its own, for a machine whose network this JVM does not share:
 * {@code TradingEngine ADDRESS PORT}. Prints a line for every answer, with its time by {@link
 * System#nanoTime}, which all processes of a machine share, and the number of the connection that
 * it came through. {@link TradingLog} reads them.
 */
final class TradingEngine {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private TradingEngine() {}

  public static void main(String[] arguments) {
    Host host = Host.at(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    try (TradingClient client =
        TradingClient.start(host, port, AnyCertificate.socketFactory(), LabCluster.ACCOUNT)) {
      int printed = 0;
      while (true) {
        Waiting.pause(PAUSE);
        StringBuilder lines = new StringBuilder();
        for (TradingClient.Answer answer : client.answersFrom(printed)) {
          lines.append(answer.at()).append(' ').append(answer.connection()).append('\n');
          printed++;
        }
        System.out.print(lines);
        System.out.flush();
      }
    }
  }
}
