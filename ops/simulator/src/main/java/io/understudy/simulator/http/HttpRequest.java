package io.understudy.simulator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One received request, read to its end.
 *
 * @param target path and query as on the request line
 * @param remote address of the client
 */
@SuppressWarnings("ArrayRecordComponent") // messages are never compared
public record HttpRequest(
    String method, String target, Headers headers, byte[] body, InetAddress remote) {

  public String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  public Map<String, String> query() {
    int question = target.indexOf('?');
    return Query.parse(question < 0 ? "" : target.substring(question + 1));
  }

  /** The body as form fields. */
  public Map<String, String> form() {
    return Query.parse(text());
  }

  public String text() {
    return new String(body, UTF_8);
  }

  /** Cookies by name; of several with one name the last that is not empty counts. */
  public Map<String, String> cookies() {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String header : headers.all("Cookie")) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && equals < pair.strip().length()) {
          String value = pair.substring(equals + 1).strip();
          if (!value.isEmpty()) {
            cookies.put(pair.substring(0, equals).strip(), value);
          }
        }
      }
    }
    return cookies;
  }

  public Optional<String> header(String name) {
    return headers.first(name);
  }
}
