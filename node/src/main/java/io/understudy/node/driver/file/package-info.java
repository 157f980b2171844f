/** Expected positions from files that the trading engine writes: JSON or CSV. */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.file;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
