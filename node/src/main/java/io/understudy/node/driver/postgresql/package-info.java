/** Expected positions from a PostgreSQL query. */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.postgresql;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
