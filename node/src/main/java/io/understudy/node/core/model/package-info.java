/**
 * The words that every other package uses: names, epochs, times and reasons. Depends on nothing.
 */
@NullMarked
@CheckReturnValue
package io.understudy.node.core.model;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
