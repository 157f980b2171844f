/**
 * Translates between the core's records and the protobuf messages: the stored formats (in
 * coordination) and the shown ones (the API). The only home of that mapping; does no I/O.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.wire;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
