package io.understudy.node.driver.clientportal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/** What became of one call to the gateway. */
sealed interface Reply {
  /**
   * An answer, of whatever status.
   *
   * @param json a missing node when the body is not JSON
   * @param date IBKR's clock, where the answer carries one
   */
  record Answered(int status, JsonNode json, String text, Optional<Instant> date) implements Reply {
    boolean ok() {
      return status == 200;
    }

    /** The text of a field {@code error}, or empty. */
    String error() {
      return json.path("error").asText("");
    }
  }

  /** No usable answer. */
  record Failed(Failure kind, String sentence) implements Reply {}

  /** Why there was no answer. */
  enum Failure {
    /** Nobody listens on the port. */
    REFUSED,
    /** Somebody listens who does not have our certificate, or the listener is broken. */
    NOT_OURS,
    /** No answer in time: with calls to IBKR that means that IBKR is away. */
    TIMEOUT,
    /** The connection broke or the answer was too large. */
    BROKEN
  }
}
