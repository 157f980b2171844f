package io.understudy.node.sim;

/** One thing that somebody does to the cluster, with a number that is its own in every run. */
record Deed(Kind kind, long number) implements Comparable<Deed> {
  /**
   * A scheduled fault, one at a transition, one in a decisive moment, an operator's command, a
   * drill.
   */
  enum Kind {
    FAULT,
    STRIKE,
    AMBUSH,
    COMMAND,
    DRILL
  }

  @Override
  public int compareTo(Deed other) {
    return kind != other.kind ? kind.compareTo(other.kind) : Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return kind + " " + number;
  }
}
