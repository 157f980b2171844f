package io.understudy.bundle.doctor.machine;

import io.understudy.bundle.doctor.machine.Machine.ClockOffset;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * Reads another host's clock from the date in an answer of its HTTP server. The date has whole
 * seconds and was written between our question and its answer: that bounds the offset on both
 * sides, and no more is claimed.
 */
final class DateCall {
  private static final Duration DATE_STEP = Duration.ofSeconds(1);

  private final String address;
  private final int port;
  private final InstantSource clock;
  private final Duration deadline;

  DateCall(String address, int port, InstantSource clock, Duration deadline) {
    this.address = address;
    this.port = port;
    this.clock = clock;
    this.deadline = deadline;
  }

  Answer<ClockOffset> offset() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + "/livez"))
            .timeout(deadline)
            .GET()
            .build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(deadline)
            .build()) {
      Instant asked = clock.instant();
      HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
      Instant answered = clock.instant();
      Optional<String> date = response.headers().firstValue("Date");
      if (date.isEmpty()) {
        return Answer.unknown(Answer.Cause.FAILED, "its answer has no date");
      }
      return Answer.known(between(asked, answered, date.get()));
    } catch (DateTimeException e) {
      return Answer.unknown(
          Answer.Cause.FAILED, "its answer has an unreadable date: " + e.getMessage());
    } catch (IOException e) {
      return Answer.unknown(Answer.Cause.FAILED, Errors.clause(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Answer.unknown(Answer.Cause.FAILED, "interrupted");
    }
  }

  static ClockOffset between(Instant asked, Instant answered, String date) {
    Instant second = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    return new ClockOffset(
        Duration.between(answered, second), Duration.between(asked, second.plus(DATE_STEP)));
  }
}
