package io.understudy.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChallengeTest {
  @ParameterizedTest
  @CsvSource({
    "a1b2c3, d4e5f607, c8046ff7c382a98d53f1ec5b298dd4d812a3efd0",
    "00a1b2c3, 00d4e5f607, c8046ff7c382a98d53f1ec5b298dd4d812a3efd0",
    "0a1b2c3, 0d4e5f607, c8046ff7c382a98d53f1ec5b298dd4d812a3efd0",
    "1b2c3, d4e5f607, 178d224a697478eb7803a47d7a962549c7c2c505",
    "1b2c3, 4e5f607, 7681c10184541de97cf4ff06bc152ef8caa76daa",
    "a1b2c3, d4e5f6075, db8740db14b9eb2659209a9cb93db8fcabadb723",
    "9f1b2c3d, 0000d4e5f607, 3e90e31840419ae0de2323521225ddc5144c0918",
  })
  void theResponseIsThatOfTheGenuineGateway(String challenge, String key, String response) {
    assertThat(Challenge.response(challenge, key)).isEqualTo(response);
  }
}
