/** Tests of reading WireGuard's tables. */
@NullMarked
package io.understudy.node.driver.wireguard;

import org.jspecify.annotations.NullMarked;
