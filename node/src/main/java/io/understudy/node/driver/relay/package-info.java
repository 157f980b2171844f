/** The relay between trading clients and the local gateway: a TCP forwarder on Netty. */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.relay;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
