/**
 * What the outside must offer to the loop: coordination, gateways, second factors, positions,
 * peers, relays.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.spi;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
