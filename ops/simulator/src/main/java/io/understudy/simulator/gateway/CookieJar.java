package io.understudy.simulator.gateway;

import io.understudy.simulator.http.Headers;
import java.util.LinkedHashMap;
import java.util.Map;

/** The gateway's own cookies, which replace those of every client. Safe for threads. */
final class CookieJar {
  private final Map<String, String> cookies = new LinkedHashMap<>();

  synchronized void take(Headers answer) {
    for (String header : answer.all("Set-Cookie")) {
      int semicolon = header.indexOf(';');
      String pair = semicolon < 0 ? header : header.substring(0, semicolon);
      int equals = pair.indexOf('=');
      if (equals > 0) {
        cookies.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      }
    }
  }

  synchronized void clear() {
    cookies.clear();
  }

  /** The header line; like the genuine one it starts with empty cookies. */
  synchronized String header() {
    StringBuilder text = new StringBuilder("JSESSIONID=; REGION=; USERID=");
    cookies.forEach((name, value) -> text.append("; ").append(name).append('=').append(value));
    return text.toString();
  }
}
