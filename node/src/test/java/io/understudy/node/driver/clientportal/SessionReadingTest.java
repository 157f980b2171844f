package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SessionReadingTest {
  @ParameterizedTest(name = "{0} {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "200|{'authenticated':true,'connected':true,'competing':false}|ESTABLISHED",
        "200|{'authenticated':true,'connected':true,'competing':false,'established':true}|ESTABLISHED",
        "200|{'authenticated':true,'connected':true,'established':false}|NOT_ESTABLISHED",
        "200|{'authenticated':true,'connected':true,'competing':true}|COMPETING",
        "200|{'authenticated':true,'connected':false,'competing':false}|NOT_ESTABLISHED",
        "200|{'authenticated':false,'connected':true,'competing':false}|NOT_ESTABLISHED",
        "200|{'authenticated':false,'connected':true,'competing':true}|COMPETING",
        "200|{'authenticated':false,'connected':false,'competing':true}|COMPETING",
        "200|{'authenticated':false,'connected':false,'competing':false}|NOT_ESTABLISHED",
        "200|{'error':'no session'}|LOGGED_OUT",
        "200|{'error':'failed to process request'}|UNKNOWN",
        "200|{'authenticated':'yes'}|UNKNOWN",
        "200|{'authenticated':null,'connected':true}|UNKNOWN",
        "200|{}|UNKNOWN",
        "200|[]|UNKNOWN",
        "200|17|UNKNOWN",
        "200|<html>login</html>|UNKNOWN",
        "200|''|UNKNOWN",
        "400|{'error':'Init session first','statusCode':400}|NOT_ESTABLISHED",
        "400|Bad Request: no bridge|NOT_ESTABLISHED",
        "400|{'error':'something else'}|UNKNOWN",
        "401|''|LOGGED_OUT",
        "401|{'authenticated':true,'connected':true}|LOGGED_OUT",
        "403|''|UNKNOWN",
        "404|Access Denied|UNKNOWN",
        "410|''|UNKNOWN",
        "429|''|UNKNOWN",
        "500|IBKR server restart|UNKNOWN",
        "503|{'authenticated':false}|UNKNOWN",
        "302|''|UNKNOWN",
      })
  void answersMeanWhatTheReferenceSays(int status, String body, SessionState state) {
    String json = body.replace('\'', '"');

    assertThat(SessionReading.of(answer(status, json)).state()).isEqualTo(state);
    if (status == 200 && json.startsWith("{\"authenticated")) {
      String tickle = "{\"session\":\"abc\",\"iserver\":{\"authStatus\":" + json + "}}";
      assertThat(SessionReading.ofTickle(answer(status, tickle)).state()).isEqualTo(state);
    } else {
      assertThat(SessionReading.ofTickle(answer(status, json)).state()).isEqualTo(state);
    }
  }

  @ParameterizedTest
  @EnumSource(Reply.Failure.class)
  void noAnswerNeverMeansLoggedOut(Reply.Failure failure) {
    Reply reply = new Reply.Failed(failure, "no answer within 5 ms");

    assertThat(SessionReading.of(reply).state()).isEqualTo(SessionState.UNKNOWN);
    assertThat(SessionReading.ofTickle(reply).sentence()).contains("no answer within 5 ms");
  }

  @Test
  void foreignErrorTextIsMaskedBeforeItIsQuoted() {
    Reply reply = answer(200, "{\"error\":\"bad session=0123456789abcdef for jane@example.com\"}");

    assertThat(SessionReading.of(reply).sentence())
        .doesNotContain("0123456789")
        .doesNotContain("@");
  }

  private static Reply answer(int status, String body) {
    return new Reply.Answered(status, json(body), body, Optional.empty());
  }

  private static JsonNode json(String body) {
    try {
      return new ObjectMapper().readTree(body);
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    }
  }
}
