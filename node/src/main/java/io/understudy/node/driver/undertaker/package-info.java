/**
 * Leaves behind what the undertaker has to know when this process dies: it writes the record that
 * {@code io.understudy.node.undertaker} reads.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.undertaker;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
