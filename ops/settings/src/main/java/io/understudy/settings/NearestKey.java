package io.understudy.settings;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Guesses which known key a misspelt one was meant to be. */
final class NearestKey {
  private NearestKey() {}

  /** The nearest by edit distance, if it is near enough to be a slip: a third of the letters. */
  static Optional<String> to(String unknown, Set<String> known) {
    int limit = Math.max(2, unknown.length() / 3);
    return known.stream()
        .filter(key -> distance(unknown, key) <= limit)
        .min(Comparator.comparingInt(key -> distance(unknown, key)));
  }

  /** Letters to insert, remove or replace, or neighbours to swap. */
  static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replace = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
