package io.understudy.controller.verb;

/**
 * What a command is about to do to one gateway.
 *
 * @param sentence for the person who confirms it
 * @param reasonNeeded because the cluster wants to know why, for its history
 */
record Plan(String sentence, Caution caution, boolean reasonNeeded) {
  /** How it is confirmed. */
  sealed interface Caution {}

  /** Not at all. */
  record None() implements Caution {}

  /** With yes or no. */
  record YesNo() implements Caution {}

  /** By typing a name: for what can log out a live account. */
  record TypeName(String what, String name) implements Caution {}
}
