package io.understudy.node.http;

import java.util.Optional;

/** What an endpoint answers. */
record Answer(int status, String contentType, String body, Optional<String> allow) {
  private static final String TEXT = "text/plain; charset=utf-8";

  static Answer text(int status, String line) {
    return new Answer(status, TEXT, line + "\n", Optional.empty());
  }

  static Answer json(int status, String document) {
    return new Answer(status, "application/json", document + "\n", Optional.empty());
  }

  static Answer methodNotAllowed() {
    return new Answer(405, TEXT, "Only GET and HEAD are served here\n", Optional.of("GET, HEAD"));
  }
}
