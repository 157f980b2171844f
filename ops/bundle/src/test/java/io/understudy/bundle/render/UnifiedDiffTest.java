package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  private static String numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  @Test
  void equalTextsHaveNoHunks() {
    assertThat(UnifiedDiff.of("a\nb\n", "a\nb\n")).isEmpty();
  }

  @Test
  void aChangeHasThreeLinesAroundIt() {
    assertThat(UnifiedDiff.of(numbers(1, 9), numbers(1, 4) + "five\n" + numbers(6, 9)))
        .isEqualTo("@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  }

  @Test
  void changesFarApartHaveHunksOfTheirOwn() {
    assertThat(UnifiedDiff.of(numbers(1, 20), numbers(2, 19)))
        .isEqualTo("@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -17,4 +16,3 @@\n 17\n 18\n 19\n-20\n");
  }

  @Test
  void aNewTextIsAddedAsAWhole() {
    assertThat(UnifiedDiff.of("", "a\nb\n")).isEqualTo("@@ -0,0 +1,2 @@\n+a\n+b\n");
  }
}
