package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerJournalTest {
  private static final String LOGIN_A = "{\"event\":\"login\",\"source\":\"a\"}";
  private static final String B_DISPLACES_A =
      "{\"event\":\"displacement\",\"from\":\"a\",\"by\":\"b\"}";

  @TempDir Path directory;

  @Test
  void theSessionOfALivingGatewayIsDisplacedAlive() throws IOException {
    assertThat(displacedAlive(LOGIN_A, B_DISPLACES_A)).isEqualTo(1);
  }

  @Test
  void theRemnantOfAnEndedGatewayIsNot() throws IOException {
    assertThat(
            displacedAlive(LOGIN_A, "{\"event\":\"source-ended\",\"source\":\"a\"}", B_DISPLACES_A))
        .isZero();
  }

  @Test
  void aSessionThatWasLoggedOutIsNot() throws IOException {
    assertThat(
            displacedAlive(
                LOGIN_A,
                "{\"event\":\"call\",\"source\":\"a\",\"path\":\"/v1/api/logout\",\"status\":200}",
                B_DISPLACES_A))
        .isZero();
  }

  @Test
  void anEndBeforeTheLastLoginDoesNotCount() throws IOException {
    assertThat(
            displacedAlive(
                LOGIN_A, "{\"event\":\"source-ended\",\"source\":\"a\"}", LOGIN_A, B_DISPLACES_A))
        .isEqualTo(1);
  }

  @Test
  void aNodeThatLogsInAgainDisplacesNobody() throws IOException {
    assertThat(displacedAlive(LOGIN_A, "{\"event\":\"displacement\",\"from\":\"a\",\"by\":\"a\"}"))
        .isZero();
  }

  @Test
  void aPersonIsNoOtherNode() throws IOException {
    assertThat(
            displacedAlive(
                LOGIN_A, "{\"event\":\"displacement\",\"from\":\"a\",\"by\":\"human:tws\"}"))
        .isZero();
  }

  private int displacedAlive(String... lines) throws IOException {
    Files.write(BrokerJournal.file(directory), List.of(lines));
    return BrokerJournal.read(directory).displacedAlive();
  }
}
