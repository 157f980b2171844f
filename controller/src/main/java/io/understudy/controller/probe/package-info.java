/**
 * Looks at relays as a trading client does, and takes the times of the answers. Knows nothing of
 * nodes but where their relays are.
 */
@CheckReturnValue
@NullMarked
package io.understudy.controller.probe;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
