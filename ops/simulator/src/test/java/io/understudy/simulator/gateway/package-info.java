/** Tests of broker and stand-in together over loopback. */
@NullMarked
package io.understudy.simulator.gateway;

import org.jspecify.annotations.NullMarked;
