package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExpectedOutputTest {
  @Test
  void timesDurationsAddressesAndEpochsAreComparedByTheirKind() {
    assertThat(
            difference(
                "a serves since 2026-11-29 03:54:52 (10 s ago) under epoch 1, at 127.0.0.1:4001, earliest 03:54:52",
                "a serves since 2027-01-02 13:14:15 (2 min ago) under epoch 7, at 127.0.0.1:21, earliest 23:59:59\n"))
        .isEmpty();
  }

  @Test
  void theRestIsComparedWordByWord() {
    assertThat(difference("Done (live): a serves live", "Done (live): b serves live\n"))
        .hasValueSatisfying(said -> assertThat(said).contains("a serves"));
    assertThat(difference("2 of 3 up", "3 of 3 up\n")).isPresent();
  }

  @Test
  void blanksAndFramesHaveAnyWidth() {
    assertThat(difference("╭──╮\n│ a   SERVING   1 │", "╭───────╮\n│  a SERVING  12 │\n"))
        .isEmpty();
  }

  @Test
  void anEllipsisStandsForAnyTextInALine() {
    assertThat(difference("servers 3 of 3 up: … leader", "servers 3 of 3 up: a, b leader\n"))
        .isEmpty();
    assertThat(difference("servers 3 of 3 up: … leader", "servers 3 of 3 up: a, b follower\n"))
        .isPresent();
  }

  @Test
  void anEllipsisAloneStandsForAnyNumberOfLines() {
    assertThat(difference("…\nb\n…\nd", "a\nb\nc\nd\n")).isEmpty();
    assertThat(difference("…\nb\nc\n…", "b\nx\nb\nc\n")).isEmpty();
    assertThat(difference("…\nb\n…", "a\nc\n")).isPresent();
    assertThat(difference("…\nd\n…\nb", "a\nb\nc\nd\n")).isPresent();
  }

  @Test
  void withoutAnEllipsisNoLineMayBeMissingOrTooMany() {
    assertThat(difference("a\nb", "a\nb\n")).isEmpty();
    assertThat(difference("a", "a\nb\n")).isPresent();
    assertThat(difference("a\nb", "a\n")).isPresent();
    assertThat(difference("a\n…\nb", "x\na\nb\n")).isPresent();
    assertThat(difference("a\n…\nb", "a\nb\nx\n")).isPresent();
  }

  @Test
  void aCommandWithoutLinesBelowItMayPrintWhatItLikes() {
    assertThat(ExpectedOutput.difference(ImmutableList.of(), "anything\n")).isEmpty();
  }

  private static Optional<String> difference(String expected, String printed) {
    return ExpectedOutput.difference(
        expected.lines().collect(ImmutableList.toImmutableList()), printed);
  }
}
