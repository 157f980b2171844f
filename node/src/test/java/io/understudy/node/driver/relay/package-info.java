/** Tests of the relay over loopback sockets. */
@NullMarked
package io.understudy.node.driver.relay;

import org.jspecify.annotations.NullMarked;
