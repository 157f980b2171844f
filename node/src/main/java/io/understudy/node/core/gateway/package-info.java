/** A gateway as the core sees it: its status and what became of a login. */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.gateway;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
