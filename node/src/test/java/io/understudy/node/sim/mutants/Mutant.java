package io.understudy.node.sim.mutants;

import com.google.common.collect.ImmutableList;

/**
 * One way of being wrong.
 *
 * @param name what is wrong, as a sentence
 * @param edits all of which are made; more than one where two guards cover the same promise
 */
record Mutant(String name, ImmutableList<Edit> edits) {
  Mutant(String name, String file, String from, String to) {
    this(name, ImmutableList.of(new Edit(file, from, to)));
  }

  /**
   * A replacement of text.
   *
   * @param file under {@code src/main/java/io/understudy/node} or, for what the model plays, {@code
   *     src/test/java/io/understudy/node}
   * @param from must stand in the file exactly once
   */
  record Edit(String file, String from, String to) {}

  @Override
  public String toString() {
    return name;
  }
}
