/** The simulator's programs: each class here is a {@code main} and nothing else. */
@NullMarked
package io.understudy.simulator;

import org.jspecify.annotations.NullMarked;
