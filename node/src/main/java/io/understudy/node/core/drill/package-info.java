/**
 * Drills: the record of a failover that is practised, and the verdict on it. What carries a drill
 * on is decided in {@code core.failover}.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.drill;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
