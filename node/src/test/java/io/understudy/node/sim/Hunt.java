package io.understudy.node.sim;

/** Runs seeds until one breaks a promise; called by name on whatever core it was loaded with. */
public final class Hunt {
  private static final long TROUBLED = 600 * World.SECOND;

  private Hunt() {}

  /** The seed and the sentence of the first broken promise; empty when all held. */
  public static String hunt(long seedsMax) {
    for (long seed = 1; seed <= seedsMax; seed++) {
      try {
        var _ = new Simulation(Plan.of(seed).withTroubled(TROUBLED), new Coverage()).run();
      } catch (Simulation.Failure failure) {
        return "seed " + seed + ", " + failure.sentence();
      }
    }
    return "";
  }
}
