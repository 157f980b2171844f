/** Positions, and the comparison that must pass before the trading gate opens. */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.positions;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
