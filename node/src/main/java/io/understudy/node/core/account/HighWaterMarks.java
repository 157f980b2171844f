package io.understudy.node.core.account;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Optional;

/**
 * The highest value that each account of a gateway has been seen with; kept in coordination, so
 * that a drawdown is measured from the same mark whoever leads.
 *
 * @param marks in the order in which the accounts were first seen, at most {@link #ACCOUNTS_MAX}
 * @param readable false where the record holds something that this version does not understand:
 *     nothing is known then, and nothing may be written over it
 */
@Immutable
public record HighWaterMarks(ImmutableList<Mark> marks, boolean readable) {
  public static final int ACCOUNTS_MAX = 16;
  public static final HighWaterMarks NONE = new HighWaterMarks(ImmutableList.of());
  public static final HighWaterMarks UNREADABLE = new HighWaterMarks(ImmutableList.of(), false);

  /**
   * One account's mark. Its place in the list is its number, by which it is shown where account
   * numbers must not be.
   */
  @Immutable
  public record Mark(String account, String currency, BigDecimal netLiquidation, Instant at) {}

  public HighWaterMarks {
    if (marks.size() > ACCOUNTS_MAX) {
      throw new IllegalArgumentException(
          "marks: " + marks.size() + " (expected: at most " + ACCOUNTS_MAX + ")");
    }
  }

  public HighWaterMarks(ImmutableList<Mark> marks) {
    this(marks, true);
  }

  public Optional<Mark> of(String account) {
    for (Mark mark : marks) {
      if (mark.account().equals(account)) {
        return Optional.of(mark);
      }
    }
    return Optional.empty();
  }

  /** From 1; empty for an account that is not known, or beyond {@link #ACCOUNTS_MAX}. */
  public Optional<Integer> number(String account) {
    return of(account).map(mark -> marks.indexOf(mark) + 1);
  }

  /**
   * The marks after such figures: raised where an account is worth more, or reckons in another
   * currency than before; the same object where nothing is to be changed, or nothing may be.
   */
  public HighWaterMarks raisedBy(ImmutableList<AccountFigures> figures, Instant at) {
    if (!readable) {
      return this;
    }
    HighWaterMarks raised = this;
    for (AccountFigures account : figures) {
      raised = raised.raisedBy(account, at);
    }
    return raised;
  }

  private HighWaterMarks raisedBy(AccountFigures figures, Instant at) {
    Mark fresh = new Mark(figures.account(), figures.currency(), figures.netLiquidation(), at);
    Optional<Mark> before = of(figures.account());
    if (before.isEmpty()) {
      return marks.size() < ACCOUNTS_MAX
          ? new HighWaterMarks(ImmutableList.<Mark>builder().addAll(marks).add(fresh).build())
          : this;
    }
    boolean stands =
        before.get().currency().equals(fresh.currency())
            && before.get().netLiquidation().compareTo(fresh.netLiquidation()) >= 0;
    return stands
        ? this
        : new HighWaterMarks(
            marks.stream()
                .map(mark -> mark.account().equals(fresh.account()) ? fresh : mark)
                .collect(ImmutableList.toImmutableList()));
  }

  /**
   * By how many percent of its mark the account is below it, 0 above it; empty without a positive
   * mark in the same currency.
   */
  public Optional<BigDecimal> drawdownPercent(AccountFigures figures) {
    return of(figures.account())
        .filter(mark -> mark.currency().equals(figures.currency()))
        .filter(mark -> mark.netLiquidation().signum() > 0)
        .map(mark ->
            mark.netLiquidation()
                .subtract(figures.netLiquidation())
                .max(BigDecimal.ZERO)
                .multiply(BigDecimal.valueOf(100))
                .divide(mark.netLiquidation(), MathContext.DECIMAL64));
  }
}
