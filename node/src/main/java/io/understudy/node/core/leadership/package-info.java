/** Leases and claims: when a node may lead, and the records in coordination that say who does. */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
