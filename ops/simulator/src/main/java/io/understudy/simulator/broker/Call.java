package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.HttpRequest;
import java.time.Instant;

/**
 * One call of the Web API.
 *
 * @param path without the prefix /v1/api or /v1/portal
 * @param byItself whether the gateway program made it, and not a client of it
 */
record Call(HttpRequest request, String path, String source, boolean byItself, Instant at) {
  boolean post() {
    return request.method().equals("POST");
  }

  ObjectNode body() {
    return Json.parseObject(request.text());
  }
}
