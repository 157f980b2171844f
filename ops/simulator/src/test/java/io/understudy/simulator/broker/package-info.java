/** Tests of the broker's rules without sockets. */
@NullMarked
package io.understudy.simulator.broker;

import org.jspecify.annotations.NullMarked;
