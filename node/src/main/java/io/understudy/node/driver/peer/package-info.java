/** Calls to other nodes over gRPC with mutual TLS. */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.peer;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
