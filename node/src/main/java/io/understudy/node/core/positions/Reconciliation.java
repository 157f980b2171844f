package io.understudy.node.core.positions;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The comparison of what the trading engine expects with what the broker holds. Exact decimal
 * arithmetic; accounts never offset each other; lines of the same holding add up; a holding that
 * only one side names is zero on the other.
 */
public final class Reconciliation {
  private static final String OPEN_ORDERS = "open-orders";
  private static final int ID_DIGITS = 6;
  private static final CharMatcher ID_LETTERS =
      CharMatcher.inRange('a', 'z')
          .or(CharMatcher.inRange('A', 'Z'))
          .or(CharMatcher.inRange('0', '9'))
          .or(CharMatcher.anyOf(".-"));

  private Reconciliation() {}

  /** What is compared: the holdings of one account in one instrument. */
  private record Key(String account, String instrument) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::account).thenComparing(Key::instrument);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** Both sides of a holding. The broker's word on the instrument class counts more. */
  private record Sides(String instrumentClass, BigDecimal expected, BigDecimal actual) {
    static final Sides NONE = new Sides("", BigDecimal.ZERO, BigDecimal.ZERO);

    Sides plusExpected(Position position) {
      return new Sides(
          instrumentClass.isEmpty() ? position.instrumentClass() : instrumentClass,
          expected.add(position.quantity()),
          actual);
    }

    Sides plusActual(Position position) {
      return new Sides(
          position.instrumentClass().isEmpty() ? instrumentClass : position.instrumentClass(),
          expected,
          actual.add(position.quantity()));
    }

    boolean nothing() {
      return expected.signum() == 0 && actual.signum() == 0;
    }
  }

  /**
   * Compares both sides.
   *
   * @param expectedOpenOrders empty where the engine does not say, or where open orders are not to
   *     be compared
   * @param accepted ids of discrepancies that an operator accepts: these are left out of the report
   */
  public static ReconciliationReport compare(
      ImmutableList<Position> expected,
      OptionalInt expectedOpenOrders,
      ImmutableList<Position> actual,
      int openOrders,
      Tolerances tolerances,
      ImmutableCollection<String> accepted) {
    TreeMap<Key, Sides> holdings = new TreeMap<>();
    expected.forEach(position ->
        holdings.put(
            key(position),
            holdings.getOrDefault(key(position), Sides.NONE).plusExpected(position)));
    actual.forEach(position ->
        holdings.put(
            key(position), holdings.getOrDefault(key(position), Sides.NONE).plusActual(position)));
    holdings.values().removeIf(Sides::nothing);

    ImmutableSet<String> acceptedIds = ImmutableSet.copyOf(accepted);
    ImmutableList.Builder<Discrepancy> discrepancies = ImmutableList.builder();
    holdings.forEach((key, sides) ->
        discrepancy(key, sides, tolerances)
            .filter(discrepancy -> !acceptedIds.contains(discrepancy.id()))
            .ifPresent(discrepancies::add));
    openOrdersDiscrepancy(expectedOpenOrders, openOrders)
        .filter(discrepancy -> !acceptedIds.contains(discrepancy.id()))
        .ifPresent(discrepancies::add);
    return new ReconciliationReport(
        holdings.size(), discrepancies.build(), openOrders, expectedOpenOrders.orElse(-1));
  }

  private static Key key(Position position) {
    return new Key(position.account(), position.instrument());
  }

  private static Optional<Discrepancy> discrepancy(Key key, Sides sides, Tolerances tolerances) {
    BigDecimal tolerance = tolerances.of(sides.instrumentClass());
    if (sides.actual().subtract(sides.expected()).abs().compareTo(tolerance) <= 0) {
      return Optional.empty();
    }
    BigDecimal expected = plain(sides.expected());
    BigDecimal actual = plain(sides.actual());
    return Optional.of(
        new Discrepancy(
            id(key.instrument(), key.account(), expected, actual),
            key.account(),
            key.instrument(),
            sides.instrumentClass(),
            expected,
            actual,
            tolerance));
  }

  private static Optional<Discrepancy> openOrdersDiscrepancy(
      OptionalInt expectedOpenOrders, int openOrders) {
    if (expectedOpenOrders.isEmpty() || expectedOpenOrders.getAsInt() == openOrders) {
      return Optional.empty();
    }
    BigDecimal expected = BigDecimal.valueOf(expectedOpenOrders.getAsInt());
    BigDecimal actual = BigDecimal.valueOf(openOrders);
    return Optional.of(
        new Discrepancy(
            id(OPEN_ORDERS, "", expected, actual),
            "",
            OPEN_ORDERS,
            "",
            expected,
            actual,
            BigDecimal.ZERO));
  }

  /**
   * The name that an operator types: the instrument, and digits that change with account and
   * quantities, so that what was accepted once is not accepted when it grows. The account is only
   * part of the digest, because ids are logged and kept in the history.
   */
  private static String id(
      String instrument, String account, BigDecimal expected, BigDecimal actual) {
    String digest =
        Hashing.sha256()
            .hashString(
                String.join(
                    "|", account, instrument, expected.toPlainString(), actual.toPlainString()),
                StandardCharsets.UTF_8)
            .toString();
    return ID_LETTERS.negate().replaceFrom(instrument, '_') + "-" + digest.substring(0, ID_DIGITS);
  }

  /** Without trailing zeros and without an exponent, so that it prints as people write it. */
  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
