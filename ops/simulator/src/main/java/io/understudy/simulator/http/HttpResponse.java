package io.understudy.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/**
 * A complete answer.
 *
 * @param chunked whether the body goes out in chunks, as the genuine gateway does
 * @param delay how long the listener waits before it writes the answer
 */
@SuppressWarnings("ArrayRecordComponent") // messages are never compared
public record HttpResponse(
    int status, Headers headers, byte[] body, boolean chunked, Duration delay) implements Answer {

  public static HttpResponse of(int status, String contentType, String body) {
    Headers headers = new Headers();
    headers.set("Content-Type", contentType);
    return new HttpResponse(status, headers, body.getBytes(UTF_8), false, Duration.ZERO);
  }

  public static HttpResponse empty(int status) {
    return new HttpResponse(status, new Headers(), new byte[0], false, Duration.ZERO);
  }

  public static HttpResponse text(int status, String body) {
    return of(status, "text/plain;charset=utf-8", body);
  }

  public static HttpResponse json(int status, Object body) {
    return of(status, "application/json;charset=utf-8", body.toString());
  }

  public static HttpResponse redirect(String location) {
    return empty(302).with("Location", location);
  }

  /** Adds a header to this answer and returns it. */
  public HttpResponse with(String name, String value) {
    headers.add(name, value);
    return this;
  }

  public HttpResponse asChunked() {
    return new HttpResponse(status, headers, body, true, delay);
  }

  public HttpResponse delayedBy(Duration wait) {
    return new HttpResponse(status, headers, body, chunked, wait);
  }

  public String text() {
    return new String(body, UTF_8);
  }
}
