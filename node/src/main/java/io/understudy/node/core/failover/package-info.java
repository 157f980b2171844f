/**
 * The decision core: observations in, one decision out. Start reading at {@link
 * io.understudy.node.core.failover.NodeDecider}.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.failover;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
