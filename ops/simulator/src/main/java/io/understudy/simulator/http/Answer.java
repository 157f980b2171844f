package io.understudy.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a handler makes of a request. */
public sealed interface Answer permits HttpResponse, Answer.Hang, Answer.Drop, Answer.TakeOver {

  /** Never answers; the connection ends when the client gives up. */
  record Hang() implements Answer {}

  /** Closes the connection without an answer. */
  record Drop() implements Answer {}

  /**
   * Sends the head given and hands the connection to {@code session}; it ends when that returns.
   */
  record TakeOver(HttpResponse head, Session session) implements Answer {}

  /** Owns a connection after the answer's head. */
  interface Session {
    void run(InputStream in, OutputStream out) throws IOException;
  }
}
