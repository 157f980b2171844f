/**
 * Every meter of the node, and nothing else: the only package that knows Micrometer. Read from the
 * published status, never from a call to the broker.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
