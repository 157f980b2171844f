package io.understudy.controller.drill;

import io.understudy.v1.DrillPlan;
import io.understudy.v1.PreflightCheck;
import io.understudy.v1.PreflightResponse;
import java.util.List;

/** What the checks of a preflight mean for a plan. */
public final class Preflights {
  private Preflights() {}

  /** Did not pass, and the plan takes it upon its operator. */
  public static boolean overruled(DrillPlan plan, PreflightCheck check) {
    return !check.getPassed()
        && check.getMayOverrule()
        && plan.getOverruleList().contains(check.getCode());
  }

  /** The checks that stand against the drill. */
  public static List<PreflightCheck> standing(DrillPlan plan, PreflightResponse response) {
    return response.getChecksList().stream()
        .filter(check -> !check.getPassed() && !overruled(plan, check))
        .toList();
  }
}
