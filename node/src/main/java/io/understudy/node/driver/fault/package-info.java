/** Faults that this node makes to itself in a drill. */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.fault;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
