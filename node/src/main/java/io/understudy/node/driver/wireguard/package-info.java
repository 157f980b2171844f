/** WireGuard, as its program shows it: when the tunnels to the peers last renewed their keys. */
@NullMarked
@CheckReturnValue
package io.understudy.node.driver.wireguard;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
