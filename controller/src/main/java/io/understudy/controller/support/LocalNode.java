package io.understudy.controller.support;

import io.understudy.bundle.doctor.machine.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What the node of this host says by HTTP. Nothing of it costs a call of the broker. */
public record LocalNode(Optional<String> address) {
  private static final int TIMEOUT_MILLIS = Math.toIntExact(Duration.ofSeconds(5).toMillis());
  private static final int BYTES_MAX = 1 << 22;

  public Answer<String> get(String path) {
    if (address.isEmpty()) {
      return Answer.unknown(
          Answer.Cause.ABSENT, "no node with http.listen is configured on this host");
    }
    String url = "http://" + address.orElseThrow() + path;
    try {
      HttpURLConnection call = (HttpURLConnection) URI.create(url).toURL().openConnection();
      call.setConnectTimeout(TIMEOUT_MILLIS);
      call.setReadTimeout(TIMEOUT_MILLIS);
      call.setInstanceFollowRedirects(false);
      // A node that is not well says so with another status, and the same answer.
      InputStream body =
          call.getResponseCode() < HttpURLConnection.HTTP_BAD_REQUEST
              ? call.getInputStream()
              : call.getErrorStream();
      if (body == null) {
        return Answer.unknown(
            Answer.Cause.FAILED, url + " answered " + call.getResponseCode() + " and nothing else");
      }
      try (body) {
        return Answer.known(new String(body.readNBytes(BYTES_MAX), StandardCharsets.UTF_8));
      }
    } catch (IOException | IllegalArgumentException e) {
      return Answer.unknown(Answer.Cause.FAILED, url + " does not answer: " + e.getMessage());
    }
  }
}
