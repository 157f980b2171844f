/**
 * Proof that the simulation's judge sees: the core is broken on purpose, one way at a time, and the
 * simulation must find each within a bounded number of seeds.
 */
@NullMarked
package io.understudy.node.sim.mutants;

import org.jspecify.annotations.NullMarked;
