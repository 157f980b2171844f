/**
 * The nodes watch each other: what a node learns of its peers by asking them directly, beside what
 * coordination says of them, and the names of what does not fit together.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.peers;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
